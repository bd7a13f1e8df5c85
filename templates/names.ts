import { ident, type Code, type Message } from '@atlas/ir';

/** `getSeat` as `GetSeat`. */
export function pascal(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** The type of a message as a handler returns it: `BookingMadeEvent`. */
export function eventName(message: string): Code {
  return ident(`${message}Event`);
}

/** Words that cannot name a `const`, and the two that every message's file imports from its codec. */
export const TAKEN_CONSTS: ReadonlySet<string> = new Set(
  (
    'await break case catch class codec const continue debugger default delete do else enum export extends false ' +
    'finally for function if import in instanceof new null return schema super switch this throw true try typeof var ' +
    'void while with yield let static implements interface package private protected public eval arguments undefined'
  ).split(' '),
);

/** The `const` of a message's contract: `BookingMade` as `bookingMade`. */
export function contractName({ name }: Pick<Message, 'name'>): Code {
  const plain = name.slice(0, 1).toLowerCase() + name.slice(1);
  return ident(TAKEN_CONSTS.has(plain) ? `${plain}Message` : plain);
}
