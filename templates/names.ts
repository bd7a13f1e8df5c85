import { ident, type Code } from '@atlas/ir';

/** `getSeat` as `GetSeat`. */
export function pascal(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** The type of a message as a handler returns it: `BookingMadeEvent`. */
export function eventName(message: string): Code {
  return ident(`${message}Event`);
}
