import type { Event } from '../contract/handler.ts';
import { AtlasError } from '../contract/atlasError.ts';

/**
 * Throws `AtlasError` ATLAS_EVENTS unless the events are exactly one of the declared alternatives, in order; a name that
 * ends in `*` stands for zero or more. TypeScript has said so already where the handler was compiled against its contract.
 */
export function checkEmits(
  allowed: readonly (readonly string[])[] | undefined,
  events: readonly Event[] | undefined,
): void {
  if (allowed === undefined && (events === undefined || events.length === 0)) return;
  const names = (events ?? []).map(({ type }) => type);
  if ((allowed ?? [[]]).some((tuple) => matches(tuple, names))) return;
  const may = (allowed ?? []).map((tuple) => `[${tuple.join(', ')}]`).join(' or ');
  throw new AtlasError('ATLAS_EVENTS', `returned events [${names.join(', ')}]; declared is ${may || 'none'}`);
}

/** Backtracks over `Name*`; tuples are a handful of names. */
function matches(tuple: readonly string[], names: readonly string[]): boolean {
  const [head, ...rest] = tuple;
  if (head === undefined) return names.length === 0;
  const [name, ...others] = names;
  if (!head.endsWith('*')) return name === head && matches(rest, others);
  return matches(rest, names) || (name === head.slice(0, -1) && matches(tuple, others));
}
