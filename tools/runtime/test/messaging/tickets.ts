import { avroCodec } from '../../src/avro/index.ts';
import type { ConsumerContract, MessageContract } from '../../src/contract/message.ts';
import type { Tx } from '../../src/contract/handler.ts';
import type { AnyEventInput, AnyEventResult } from '../../src/contract/service.ts';
import type { MessagingOptions } from '../../src/service/startMessaging.ts';

/** The contracts of a box office that sells seats and a hall that counts them, in the form of generated code. */

export const SALES = 'tickets.boxoffice.sale.v1';
export const DOORS = 'tickets.hall.door.v1';
export const DLQ = 'tickets.hall.dlq.v1';

export interface SeatSold {
  readonly showId: string;
  readonly seat: number;
}

const FIELDS = [
  { name: 'showId', type: 'string' },
  { name: 'seat', type: 'int' },
];

export const seatSold = message('SeatSold', SALES);
export const seatReturned = message('SeatReturned', SALES);
export const doorOpened = message('DoorOpened', DOORS);

function message(name: string, topic: string): MessageContract<SeatSold> {
  const namespace = topic === SALES ? 'tickets.boxoffice' : 'tickets.hall';
  const schema = JSON.stringify({ type: 'record', name, namespace, fields: FIELDS });
  return {
    name,
    type: `${namespace}.${name}`,
    topic,
    subject: `${topic}-${namespace}.${name}`,
    schema,
    fingerprint: `fingerprint-${name}`,
    key: ({ showId }) => showId,
    codec: avroCodec<SeatSold>({
      schema,
      write: (w, { showId, seat }) => {
        w.string(showId);
        w.int(seat);
      },
      read: (r) => ({ showId: r.string(), seat: r.int() }),
    }),
  };
}

export const boxOffice: MessagingOptions['contract'] = {
  service: 'boxoffice',
  messages: [seatSold, seatReturned],
  consumers: [],
  dlqTopic: undefined,
};

/** Short waits between retries, so that tests are fast. */
export const RETRY = { retries: 5, baseMs: 4, capMs: 40, onDead: 'hold' } as const;

export const onSeatSold: ConsumerContract<SeatSold> = {
  name: 'onSeatSold',
  message: seatSold,
  emits: [['DoorOpened'], []],
  retry: RETRY,
};

export const hall: MessagingOptions['contract'] = {
  service: 'hall',
  messages: [doorOpened],
  consumers: [onSeatSold],
  dlqTopic: DLQ,
};

/** `isAlone` is false for an event in a set of several. */
export type Handle = (input: AnyEventInput & { readonly isAlone?: boolean }, tx: Tx) => Promise<AnyEventResult>;

export function isSeat(data: unknown): data is SeatSold {
  return typeof data === 'object' && data !== null && 'showId' in data && 'seat' in data;
}

export function seatOf(data: unknown): SeatSold {
  if (isSeat(data)) return data;
  throw new Error(`no seat: ${JSON.stringify(data)}`);
}
