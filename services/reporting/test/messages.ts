import { contract } from '@atlas/generated-reporting';
import { microsOf } from '@atlas/runtime/time';
import type { AnyMessage, MessageOf } from '../src/projections/projection.ts';

const CONTRACTS = new Map(contract.consumers.map(({ message }) => [message.name, message]));

export const ORDER = '0199f3a2-0001-7000-8000-000000000001';
export const OTHER = '0199f3a2-0001-7000-8000-000000000002';
export const NOW = new Date('2026-01-05T09:30:00.000Z');
export const DIGEST = 'ab'.repeat(32);

/** An instant `minutes` minutes after NOW, as events have it. */
export const micros = (minutes = 0): bigint => microsOf(minutesLater(minutes));
export const minutesLater = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);
export const eur = (amountMinor: bigint) => ({ amountMinor, currency: 'EUR' });

export type DataOf<Type extends AnyMessage['type']> = MessageOf<Type>['data'];

export function contractOf(type: AnyMessage['type']) {
  const message = CONTRACTS.get(type);
  if (!message) throw new Error(`Reporting does not read ${type}`);
  return message;
}

/** An event with its metadata. `some` replaces a part of the metadata. */
export function aMessage<Type extends AnyMessage['type']>(
  type: Type,
  data: DataOf<Type>,
  some: Partial<AnyMessage['meta']> = {},
): AnyMessage {
  const message = contractOf(type);
  const meta: AnyMessage['meta'] = {
    id: `event-${type}`,
    type: message.type,
    source: 'test',
    time: NOW,
    correlationId: 'correlation-1',
    causationId: undefined,
    sequence: 1n,
    actorId: undefined,
    topic: message.topic,
    partition: 0,
    offset: 0n,
    attempt: 1,
    ...some,
  };
  // cast: `type` and `data` belong to one message, but the compiler takes them for a pair of unions
  return { type, data, meta } as unknown as AnyMessage;
}
