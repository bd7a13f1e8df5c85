import type { InboxOptions } from '../options.ts';
import { parkedStep, type ParkedEffect, type ParkedInput } from './step.ts';
import { bytesOf, receivedOf } from '../../record/headers.ts';
import type { SqlSession } from '../../ports/sql.ts';
import { contextsOf, deliveryOf, logConsumed, logFieldsOf, type Consumer, type Delivery } from '../delivery.ts';
import { runHandler, inputOfError } from '../transaction.ts';
import { countApplied } from '../meters.ts';
import type { Fence } from '../fences.ts';
import {
  ADVANCE_KEY,
  CLOSE_QUEUE,
  FIRST_QUEUED,
  INSERT_INBOX,
  LOCK_KEY,
  READ_KEY,
  REMOVE_QUEUED,
  RESCHEDULE_KEY,
  type HeadRow,
  type ParkedRow,
} from '../statements.ts';

export interface ParkedKey {
  readonly topic: string;
  readonly key: Uint8Array;
  readonly partition: number;
}

export type Tried =
  /** The key has nothing to try now. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'tried'; readonly effect: ParkedEffect; readonly delivery: Delivery; readonly rowId: bigint };

/** Tries the first event of a parked key in one transaction, which also removes it from the queue. */
export async function tryFirst(
  options: InboxOptions,
  consumers: ReadonlyMap<string, Consumer>,
  key: ParkedKey,
  fence: Fence,
): Promise<Tried> {
  const { store, log } = options;
  const values = [key.topic, key.key];
  const [head] = await store.read((session) => session.query<HeadRow>(READ_KEY, values));
  const [row] = await store.read((session) => session.query<ParkedRow>(FIRST_QUEUED, values));
  if (!head) return { kind: 'nothing' };
  if (!row) {
    await freeKey(options, key, fence);
    return { kind: 'nothing' };
  }
  const record = recordOf(key.topic, row);
  const received = receivedOf(record);
  const consumer = consumers.get(row.consumer);
  if (!consumer) {
    const { id: eventId, correlationId } = received;
    const fields = { consumer: row.consumer, eventId, correlationId };
    log.error(fields, 'an event is parked for a consumer that does not exist any more');
    return { kind: 'nothing' };
  }
  const delivery = deliveryOf(record, received, consumer);
  const input = await attempt(options, delivery, fence, row.id, head.attempts);
  if (input === 'moved') return { kind: 'nothing' };
  const state = { tries: head.attempts, waitedMs: head.waited_ms };
  const effect = parkedStep(state, consumer.contract.retry, input);
  return { kind: 'tried', effect, delivery, rowId: row.id };
}

/** Stores a failed try, unless another instance has tried the event in the meantime. */
export async function reschedule(
  { store, fences }: InboxOptions,
  { topic, key }: ParkedKey,
  fence: Fence,
  { tries, ms, error }: Extract<ParkedEffect, { kind: 'reschedule' }>,
): Promise<void> {
  await store.transaction(async (session) => {
    const [head] = await session.query<{ attempts: number }>(LOCK_KEY, [topic, key]);
    if (head?.attempts !== tries - 1) return;
    await session.query(RESCHEDULE_KEY, [topic, key, tries, ms, error]);
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
  const { record, consumer, parkingKey } = delivery;
  const { name } = consumer.contract;
  const now = clock.now();
  const takenAt = clock.monotonic();
  const nextContext = contextsOf(delivery, now);
  try {
    const data = await decoders.decode(consumer.contract, record.value);
    const outcome = await store.transaction(async (session) => {
      if (!(await isFirst(session, record.topic, parkingKey, rowId))) return 'moved';
      const { id, scope } = delivery.received;
      const fresh = (await session.query(INSERT_INBOX, [id, name, now, scope])).length > 0;
      const handled =
        fresh && (await runHandler(options, session, delivery, { data, ctx: nextContext(), attempt: failed + 1 }));
      await session.query(REMOVE_QUEUED, [rowId]);
      await advance(session, record.topic, parkingKey);
      await fences.check(session, fence);
      return handled;
    });
    if (outcome === 'moved') return outcome;
    if (outcome) {
      countApplied(meters, name, outcome);
      if (outcome.events) wake();
    }
    const ms = clock.monotonic() - takenAt;
    const done = outcome ? { outcome: 'applied', noop: outcome.noop } : { outcome: 'duplicate', noop: undefined };
    logConsumed(log, delivery, { ...done, attempt: failed + 1, ms });
    return { kind: 'committed' };
  } catch (error) {
    const input = inputOfError(error);
    if (input.kind === 'failed' || input.kind === 'slow')
      log.warn({ err: error, ...logFieldsOf(delivery), attempt: failed + 1 }, 'a consumer failed on a parked event');
    if (input.kind === 'failed' || input.kind === 'slow' || input.kind === 'undecodable') return input;
    log.warn({ err: error, ...logFieldsOf(delivery), outcome: input.kind }, 'a parked event has to wait');
    // after a fence or a commit of unknown outcome, the next try finds out from the inbox
    return { kind: 'unavailable' };
  }
}

/** Locks the key. False if it is held or free now, or if its first event has changed. */
async function isFirst(session: SqlSession, topic: string, key: Uint8Array, rowId: bigint): Promise<boolean> {
  const heads = await session.query(LOCK_KEY, [topic, key]);
  if (heads.length === 0) return false;
  const [first] = await session.query<ParkedRow>(FIRST_QUEUED, [topic, key]);
  return first?.id === rowId;
}

/** Frees a key that has no events. */
async function freeKey({ store, fences }: InboxOptions, { topic, key }: ParkedKey, fence: Fence): Promise<void> {
  await store.transaction(async (session) => {
    await session.query(LOCK_KEY, [topic, key]);
    await advance(session, topic, key);
    await fences.check(session, fence);
  });
}

/**
 * Frees a key whose queue is empty, else makes its next event due. Two statements, because the second one has to see
 * what consumers have queued until the first one had the lock.
 */
export async function advance(session: SqlSession, topic: string, key: Uint8Array): Promise<void> {
  await session.query(CLOSE_QUEUE, [topic, key]);
  await session.query(ADVANCE_KEY, [topic, key]);
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
