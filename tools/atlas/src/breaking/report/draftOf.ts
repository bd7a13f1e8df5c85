import { childPointer, isList, isObject, parsePointer, type JsonValue } from '@atlas/ir';
import type { Draft, SafePath } from '../draft.ts';
import { shownData, type Witness } from '../finding.ts';
import type { Cause } from '../schemas.ts';
import type { Version } from '../sides/version.ts';

/** What a protocol adds to a cause: the whole message around the value, and who has to do what. */
export interface Around {
  readonly protocol: Draft['protocol'];
  readonly reaches: readonly string[];
  readonly consumers?: readonly string[];
  /** Without a whole message, the value alone is shown. */
  readonly witness?: Witness | undefined;
  readonly safePath: SafePath;
}

/** The finding of an edit of schemas. The engine's value is the proof. */
export function draftOf(cause: Cause, old: Version, next: Version, around: Around): Draft {
  const { severity, change, message, witness, unproven } = cause;
  const { protocol, reaches, consumers, safePath } = around;
  const whole = witness && (around.witness ?? { ...witness, shown: shownData(witness.value) });
  return {
    protocol,
    level: 'wire',
    severity,
    change,
    message,
    old: old.loc(nearer(old, cause.old, change)),
    new: next.loc(nearer(next, cause.new, change)),
    reaches: [...new Set(reaches)].toSorted(),
    ...(consumers ? { consumers } : {}),
    ...(whole
      ? { witness: { acceptedBy: whole.acceptedBy, value: whole.value, at: whole.at, shown: whole.shown ?? '' } }
      : {}),
    ...(unproven ? { unproven } : {}),
    ...(severity === 'error' ? { safePath } : {}),
  };
}

/** Keywords of the changes that are not named after their keyword. */
const KEYWORDS: Readonly<Record<string, string>> = {
  'property-became-required': 'required',
  'required-property-added': 'required',
  'property-became-optional': 'required',
  'enum-value-removed': 'enum',
  'enum-value-added': 'enum',
};

/** The keyword that changed, if the schema has it; else the schema. */
function nearer({ document }: Version, pointer: string, change: string): string {
  let schema: JsonValue | undefined = document;
  for (const token of parsePointer(pointer) ?? [])
    schema = isList(schema) ? schema[Number(token)] : isObject(schema) ? schema[token] : undefined;
  const kebab = change.replace(/-(?:narrowed|widened)$/, '');
  const keyword = KEYWORDS[change] ?? kebab.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return isObject(schema) && Object.hasOwn(schema, keyword) ? childPointer(pointer, keyword) : pointer;
}
