import { ident, RESERVED_WORDS, type Code, type Message } from '@atlas/ir';

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
  /** Constants of a message's file: those that it imports from its codec. */
  messageConsts: new Set([...RESERVED_WORDS, 'codec', 'schema']),
  /** Types of a message's file and of its codec's. */
  messageTypes: new Set(['Codec', 'Event', 'MessageContract', 'ByteReader', 'Writer', ...LANGUAGE_TYPES]),
  /** Types of a consumer's file. */
  consumerTypes: new Set([
    'ConsumerContract',
    'Ctx',
    'Handler',
    'Input',
    'Message',
    'MessageContract',
    'Meta',
    'Result',
    'SetCtx',
    'Tx',
    ...LANGUAGE_TYPES,
  ]),
  /** Types of a file of timers or effects. */
  laterTypes: new Set([
    'Call',
    'CancelTimer',
    'Ctx',
    'Due',
    'EffectContract',
    'EffectStart',
    'Handler',
    'Input',
    'PayloadContract',
    'Result',
    'SetTimer',
    'SettleInput',
    'StartEffect',
    'TimerChange',
    'TimerContract',
    'Tx',
    ...LANGUAGE_TYPES,
  ]),
  /** Constants of the modules of timers and effects. */
  laterConsts: new Set(['codec', 'schema', 'timers', 'effects']),
  /** The exports of index.ts for every service. */
  exports: new Set(['Consumers', 'Effects', 'Handlers', 'Timers', 'components', 'contract']),
} as const;

/** The `const` of a message's contract: `bookingMade` for `BookingMade`. */
export function contractName({ name }: Pick<Message, 'name'>): Code {
  const plain = name.slice(0, 1).toLowerCase() + name.slice(1);
  return ident(TAKEN.messageConsts.has(plain) ? `${plain}Message` : plain);
}
