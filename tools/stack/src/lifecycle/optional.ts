import { readStack } from '../info.ts';
import type { Layout } from '../layout.ts';
import { PARTS } from '../parts/parts.ts';

/** The names of the optional parts that were requested for the running stack. */
export function optionalPartsOf({ root }: Layout): ReadonlySet<string> {
  return new Set(readStack(root)?.keycloak === undefined ? [] : ['keycloak']);
}

/** Returns the names if all are optional parts. Throws otherwise. */
export function checkOptional(names: readonly string[]): readonly string[] {
  const known = PARTS.flatMap(({ name, optional }) => (optional ? [name] : []));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new Error(`there is no part "${unknown}" to add to a stack; there is: ${known.join(', ')}`);
}
