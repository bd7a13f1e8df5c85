import { code, join, lit, type Code, type EmitTuple } from '@atlas/ir';
import { eventName } from './names.ts';

/** The type of a handler's `events`: a union of tuples. */
export function eventsType(alternatives: readonly EmitTuple[]): Code {
  return join(alternatives.map(tupleType), ' | ');
}

/**
 * TypeScript allows one rest element per tuple. From the first `Name*` to the last, the order is therefore checked only
 * at run time.
 */
function tupleType(tuple: EmitTuple): Code {
  const first = tuple.findIndex(({ many }) => many);
  const last = tuple.findLastIndex(({ many }) => many);
  if (first === -1)
    return code`readonly [${join(
      tuple.map(({ message }) => eventName(message)),
      ', ',
    )}]`;
  const middle = [...new Set(tuple.slice(first, last + 1).map(({ message }) => message))].map(eventName);
  const rest = middle.length === 1 ? code`...${middle}[]` : code`...(${join(middle, ' | ')})[]`;
  const items = [
    ...tuple.slice(0, first).map(({ message }) => eventName(message)),
    rest,
    ...tuple.slice(last + 1).map(({ message }) => eventName(message)),
  ];
  return code`readonly [${join(items, ', ')}]`;
}

/** The same as data, for the check at run time: `[['BookingMade'], ['SeatFreed*']]`. */
export function emitsLiteral(alternatives: readonly EmitTuple[]): Code {
  return lit(alternatives.map((tuple) => tuple.map(({ message, many }) => (many ? `${message}*` : message))));
}

/** Names of the messages that any of the alternatives has, sorted. */
export function emittedNames(alternatives: readonly EmitTuple[]): readonly string[] {
  return [...new Set(alternatives.flat().map(({ message }) => message))].toSorted();
}
