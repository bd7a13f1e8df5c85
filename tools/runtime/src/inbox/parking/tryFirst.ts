import type { InboxOptions } from '../options.ts';
import { parkedStep, type ParkedEffect, type ParkedInput } from './step.ts';
import { bytesOf } from '../../record/headers.ts';
import { receivedOf } from '../../record/envelope.ts';
import type { SqlSession } from '../../ports/sql.ts';
import { contextsOf, fieldsOf, deliveryOf, type Delivery, type Reader } from '../delivery.ts';
import { runHandler } from '../runHandler.ts';
import { countApplied } from '../meters.ts';
import type { Fence } from '../fences.ts';
import { inputOf } from '../transaction.ts';
import { ADVANCE, ENTER, FIRST, HEAD, PEEK, REMOVE, RESCHEDULE, type ParkedRow } from '../statements.ts';

export interface ParkedKey {
  readonly topic: string;
  readonly key: Uint8Array;
  readonly partition: number;
}

export type Tried =
  /** Nothing of the key is there to be tried. */
  | { readonly kind: 'over' }
  | { readonly kind: 'tried'; readonly effect: ParkedEffect; readonly delivery: Delivery; readonly rowId: bigint };

/** Tries the first event of a parked key in one transaction, which also takes it off the queue. */
export async function tryFirst(
  options: InboxOptions,
  readers: ReadonlyMap<string, Reader>,
  key: ParkedKey,
  fence: Fence,
): Promise<Tried> {
  const { store, log } = options;
  const values = [key.topic, key.key];
  const [head] = await store.read((session) => session.query<{ attempts: number }>(PEEK, values));
  const [row] = await store.read((session) => session.query<ParkedRow>(FIRST, values));
  if (!head) return { kind: 'over' };
  if (!row) {
    await letGo(options, key, fence);
    return { kind: 'over' };
  }
  const record = recordOf(key.topic, row);
  const reader = readers.get(row.consumer);
  if (!reader) {
    const { id: eventId, correlationId } = receivedOf(record);
    const fields = { consumer: row.consumer, eventId, correlationId };
    log.error(fields, 'an event is parked for a consumer that is no more');
    return { kind: 'over' };
  }
  const delivery = deliveryOf(record, reader);
  const input = await attempt(options, delivery, fence, row.id, head.attempts);
  if (input === 'moved') return { kind: 'over' };
  if (input.kind === 'failed') {
    const fields = { ...fieldsOf(delivery), attempt: head.attempts + 1, error: input.error };
    log.warn(fields, 'a consumer failed on a parked event');
  }
  const effect = parkedStep(head.attempts, reader.contract.retry, input);
  return { kind: 'tried', effect, delivery, rowId: row.id };
}

/** Notes a failed try, unless another instance has tried meanwhile. */
export async function reschedule(
  { store, clock, fences }: InboxOptions,
  { topic, key }: ParkedKey,
  fence: Fence,
  { tries, ms, error }: Extract<ParkedEffect, { kind: 'reschedule' }>,
): Promise<void> {
  await store.transaction(async (session) => {
    const [head] = await session.query<{ attempts: number }>(HEAD, [topic, key]);
    if (head?.attempts !== tries - 1) return;
    const next = new Date(clock.now().getTime() + ms);
    await session.query(RESCHEDULE, [topic, key, tries, next, error]);
    await fences.check(session, fence);
  });
}

async function attempt(
  options: InboxOptions,
  delivery: Delivery,
  fence: Fence,
  rowId: bigint,
  failed: number,
): Promise<ParkedInput | 'moved'> {
  const { store, clock, decoders, fences, log, meters, wake } = options;
  const { record, reader, key } = delivery;
  const now = clock.now();
  const nextContext = contextsOf(delivery, now);
  try {
    const data = await decoders.decode(reader.contract, record.value);
    const outcome = await store.transaction(async (session) => {
      if (!(await isFirst(session, record.topic, key, rowId))) return 'moved';
      const name = reader.contract.name;
      const fresh = (await session.query(ENTER, [delivery.received.id, name, now])).length > 0;
      const effect =
        fresh && (await runHandler(options, session, delivery, { data, ctx: nextContext(), attempt: failed + 1 }));
      await session.query(REMOVE, [rowId]);
      await session.query(ADVANCE, [record.topic, key, now]);
      await fences.check(session, fence);
      return effect;
    });
    if (outcome === 'moved') return outcome;
    if (outcome) {
      countApplied(meters, reader.contract.name, outcome);
      if (outcome.events) wake();
    }
    return { kind: 'settled' };
  } catch (error) {
    const input = inputOf(error);
    if (input.kind === 'failed' || input.kind === 'undecodable') return input;
    log.warn({ err: error, ...fieldsOf(delivery), outcome: input.kind }, 'a parked event has to wait');
    // fenced, or a COMMIT of unknown outcome: on the next look, the inbox tells
    return { kind: 'away' };
  }
}

/** Locks the key; false where it is held, gone, or its first event another by now. */
async function isFirst(session: SqlSession, topic: string, key: Uint8Array, rowId: bigint): Promise<boolean> {
  const heads = await session.query(HEAD, [topic, key]);
  if (heads.length === 0) return false;
  const [first] = await session.query<ParkedRow>(FIRST, [topic, key]);
  return first?.id === rowId;
}

/** A key without events, should there ever be one, is parked for nothing. */
async function letGo({ store, clock, fences }: InboxOptions, { topic, key }: ParkedKey, fence: Fence): Promise<void> {
  await store.transaction(async (session) => {
    await session.query(HEAD, [topic, key]);
    await session.query(ADVANCE, [topic, key, clock.now()]);
    await fences.check(session, fence);
  });
}

function recordOf(topic: string, row: ParkedRow): Delivery['record'] {
  return {
    topic,
    partition: row.partition,
    offset: row.record_offset,
    key: row.record_key,
    value: row.body,
    headers: bytesOf(row.headers),
    timestamp: row.occurred_at,
  };
}
