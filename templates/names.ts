import { ident, RESERVED_WORDS, type Code, type Message } from '@atlas/ir';

/** `getSeat` as `GetSeat`. */
export function pascal(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** The type of a message as a handler returns it: `BookingMadeEvent`. */
export function eventName(message: string): Code {
  return ident(`${message}Event`);
}

/** Types of the language that event files use. */
const LANGUAGE_TYPES = ['Array', 'Buffer', 'Date', 'Object', 'Promise', 'Readonly', 'Record', 'String', 'Uint8Array'];

/** Names that generated modules declare, import or take from the language, so that a spec cannot give them. */
export const TAKEN = {
  /** Constants of an operation's file. */
  operationConsts: new Set(['components', 'operations', 'validators', 'serializers']),
  /** Constants of a message's file: what it imports from its codec. */
  messageConsts: new Set([...RESERVED_WORDS, 'codec', 'schema']),
  /** Types of a message's file and of its codec's. */
  messageTypes: new Set(['Codec', 'Event', 'MessageContract', 'Reader', 'Writer', ...LANGUAGE_TYPES]),
  /** Types of a consumer's file. */
  consumerTypes: new Set(['ConsumerContract', 'Ctx', 'Handler', 'Input', 'Meta', 'Result', 'Tx', ...LANGUAGE_TYPES]),
  /** What index.ts exports for every service. */
  exports: new Set(['Consumers', 'Handlers', 'components', 'contract']),
} as const;

/** The `const` of a message's contract: `BookingMade` as `bookingMade`. */
export function contractName({ name }: Pick<Message, 'name'>): Code {
  const plain = name.slice(0, 1).toLowerCase() + name.slice(1);
  return ident(TAKEN.messageConsts.has(plain) ? `${plain}Message` : plain);
}
