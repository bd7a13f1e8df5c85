import { code, join, lit, type Code, type EmitTuple, type RetryPolicy, type Service } from '@atlas/ir';
import { eventName } from './names.ts';

/** The type of a handler's `events`: a union of tuples. */
export function eventsType(alternatives: readonly EmitTuple[]): Code {
  return join(alternatives.map(tupleType), ' | ');
}

/**
 * TypeScript allows one rest element per tuple. So the order between the first `Name*` and the last is checked only at
 * run time.
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

/** `x-atlas-retry` as data. */
export function retryLiteral({ retries, baseMs, capMs, onDead }: RetryPolicy): Code {
  return code`{ retries: ${retries}, baseMs: ${baseMs}, capMs: ${capMs}, onDead: ${lit(onDead)} }`;
}

/** The things that the handlers of a service may ask for besides events. */
export interface FollowUps {
  readonly timers: boolean;
  readonly effects: boolean;
}

export function followUpsOf({ timers, effects }: Pick<Service, 'timers' | 'effects'>): FollowUps {
  return { timers: timers.length > 0, effects: effects.length > 0 };
}

/** The members of a handler's result for timers and effects. */
export function followUpMembers({ timers, effects }: FollowUps): readonly Code[] {
  return [
    ...(timers ? [code`readonly timers?: readonly TimerChange[]`] : []),
    ...(effects ? [code`readonly effects?: readonly EffectStart[]`] : []),
  ];
}

/** The imports of those types, in a file of `folder`. */
export function followUpImports({ timers, effects }: FollowUps, folder: string): readonly Code[] {
  const from = (place: string, file: string): Code => lit(folder === place ? `./${file}` : `../${place}/${file}`);
  return [
    ...(timers ? [code`import type { TimerChange } from ${from('timers', 'changes.ts')};`] : []),
    ...(effects ? [code`import type { EffectStart } from ${from('effects', 'starts.ts')};`] : []),
  ];
}

/**
 * The result of a handler of an event, a timer or an outcome. If it may send nothing, it can name the state in which
 * it has nothing to do. A metric counts these.
 */
export function eventResultType(emits: readonly EmitTuple[], follows: FollowUps, nothing: Code): Code {
  const members = [code`readonly events: ${eventsType(emits)}`, ...followUpMembers(follows)];
  if (!emits.some((tuple) => tuple.every(({ many }) => many))) return code`{ ${join(members, '; ')} }`;
  return code`{
    ${join(members, ';\n')};
    /** The state in which ${nothing}. A metric counts it. */
    readonly noop?: string;
  }`;
}
