import { throughConflicts } from '../../conflicts.ts';
import type { InboxOptions } from '../options.ts';
import { parkedStep, unknownSchemaStep, waitStep, type ParkedEffect, type ParkedInput } from './step.ts';
import { bytesOf, receivedOf } from '../../record/headers.ts';
import { flush } from '../../outbox/flush.ts';
import { wakeFor } from '../../outbox/written.ts';
import type { SqlSession } from '../../ports/sql.ts';
import { contextsOf, deliveryOf, logConsumed, logFieldsOf, type Consumers, type Delivery } from '../delivery.ts';
import { runHandler } from '../handling.ts';
import { errorText, inputOfError } from '../transaction.ts';
import { countApplied } from '../meters.ts';
import type { Fence } from '../fences.ts';
import {
  ADVANCE_KEY,
  CLOSE_QUEUE,
  FIRST_QUEUED,
  HOLD_KEY,
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
  /** `tries` had failed before this one. */
  | {
      readonly kind: 'tried';
      readonly effect: Exclude<ParkedEffect, { kind: 'deadLetter' }>;
      readonly tries: number;
      readonly eventId: string;
    }
  | {
      readonly kind: 'dead';
      readonly effect: Extract<ParkedEffect, { kind: 'deadLetter' }>;
      readonly delivery: Delivery;
      readonly rowId: bigint;
    }
  /** This version of the service does not have the event's consumer. */
  | {
      readonly kind: 'orphaned';
      readonly effect: Extract<ParkedEffect, { kind: 'reschedule' }>;
      readonly tries: number;
      readonly consumer: string;
    };

/** Tries the first event of a parked key in one transaction, which also removes it from the queue. */
export async function tryFirst(
  options: InboxOptions,
  consumers: Consumers,
  key: ParkedKey,
  fence: Fence,
): Promise<Tried> {
  const { store } = options;
  const values = [key.topic, key.key];
  const [head] = await store.read((session) => session.query<HeadRow>(READ_KEY, values));
  const [row] = await store.read((session) => session.query<ParkedRow>(FIRST_QUEUED, values));
  if (!head) return { kind: 'nothing' };
  if (!row) {
    await freeKey(options, key, fence);
    return { kind: 'nothing' };
  }
  const { attempts: tries } = head;
  const state = { tries, waitedMs: head.waited_ms };
  const record = recordOf(key.topic, row);
  const received = receivedOf(record);
  const tried = { kind: 'tried', tries, eventId: received.id } as const;
  let type = received.type;
  try {
    type ??= await options.decoders.typeOf(record.value);
  } catch (error) {
    const input = parkedInputOf(error);
    note(options, received.id, input);
    return input.kind === 'unknownSchema'
      ? { ...tried, effect: unknownSchemaStep(state, input.error) }
      : { ...tried, effect: waitStep(state, errorText(error)) };
  }
  // an event whose type is not known has a placeholder as its consumer
  const consumer =
    type === undefined
      ? undefined
      : received.type === undefined
        ? consumers.ofType(key.topic, type)
        : consumers.ofName(row.consumer, type);
  if (!consumer) {
    if (received.type === undefined) return { ...tried, effect: await skip(options, key, fence, row.id) };
    const effect = waitStep(state, `there is no consumer ${row.consumer}`);
    return { kind: 'orphaned', effect, tries, consumer: row.consumer };
  }
  const delivery = deliveryOf(record, received, consumer);
  const input = await attempt(options, delivery, fence, row.id, tries);
  if (input === 'moved') return { kind: 'nothing' };
  note(options, received.id, input);
  const effect = parkedStep(state, consumer.contract.retry, input);
  return effect.kind === 'deadLetter' ? { kind: 'dead', effect, delivery, rowId: row.id } : { ...tried, effect };
}

function note({ unknownSchemas }: InboxOptions, eventId: string, { kind }: ParkedInput): void {
  if (kind === 'unknownSchema') unknownSchemas.saw(eventId);
  else unknownSchemas.forget(eventId);
}

/**
 * Stores when to try the key again, or that it is held, unless another instance has tried the event in the meantime.
 * `before` is how many tries had failed before this one.
 */
export async function putOff(
  { store, fences }: InboxOptions,
  { topic, key }: ParkedKey,
  fence: Fence,
  before: number,
  effect: Extract<ParkedEffect, { kind: 'reschedule' | 'hold' }>,
): Promise<void> {
  const { tries, error } = effect;
  await store.transaction(async (session) => {
    const [head] = await session.query<{ attempts: number }>(LOCK_KEY, [topic, key]);
    if (head?.attempts !== before) return;
    if (effect.kind === 'hold') await session.query(HOLD_KEY, [topic, key, tries, error]);
    else await session.query(RESCHEDULE_KEY, [topic, key, tries, effect.ms, error]);
    await fences.check(session, fence);
  });
}

/** Removes an event from the queue, because its type turned out to be one that the service does not consume. */
async function skip(
  { store, fences, meters, namespace }: InboxOptions,
  { topic, key }: ParkedKey,
  fence: Fence,
  rowId: bigint,
): Promise<Extract<ParkedEffect, { kind: 'next' }>> {
  await store.transaction(async (session) => {
    if (!(await isFirst(session, topic, key, rowId))) return;
    await session.query(REMOVE_QUEUED, [rowId]);
    await advance(session, topic, key);
    await fences.check(session, fence);
  });
  meters.skipped.add(1, { topic: topic.slice(namespace.length) });
  return { kind: 'next' };
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
    const outcome = await throughConflicts(() =>
      store.transaction(async (session) => {
        if (!(await isFirst(session, record.topic, parkingKey, rowId))) return 'moved';
        const { id, scope } = delivery.received;
        const fresh = (await session.query(INSERT_INBOX, [id, name, now, scope])).length > 0;
        const handled =
          fresh && (await runHandler(options, session, [{ delivery, data, attempt: failed + 1 }], nextContext()));
        if (handled) await flush(session, handled);
        await session.query(REMOVE_QUEUED, [rowId]);
        await advance(session, record.topic, parkingKey);
        await fences.check(session, fence);
        return handled;
      }),
    );
    if (outcome === 'moved') return outcome;
    if (outcome) {
      countApplied(meters, name, outcome.noops[0]);
      wakeFor(wake, outcome.written);
    }
    const ms = clock.monotonic() - takenAt;
    const done = outcome ? { outcome: 'applied', noop: outcome.noops[0] } : { outcome: 'duplicate', noop: undefined };
    logConsumed(log, delivery, { ...done, attempt: failed + 1, ms });
    return { kind: 'committed' };
  } catch (error) {
    const input = parkedInputOf(error);
    const fields = { err: error, ...logFieldsOf(delivery), attempt: failed + 1 };
    if (input.kind === 'failed' || input.kind === 'slow') log.warn(fields, 'a consumer failed on a parked event');
    else if (input.kind !== 'undecodable') log.warn({ ...fields, outcome: input.kind }, 'a parked event has to wait');
    return input;
  }
}

/** The step's input for an error of a transaction in which a handler ran. */
export function parkedInputOf(error: unknown): Exclude<ParkedInput, { kind: 'committed' }> {
  const input = inputOfError(error);
  switch (input.kind) {
    case 'unavailable':
      return { kind: 'unavailable', error: errorText(error) };
    case 'fenced':
    case 'commitUnknown':
      // after a commit of unknown outcome, the next try finds out from the inbox
      return { kind: 'unclear' };
    case 'failed':
    case 'slow':
    case 'undecodable':
    case 'unknownSchema':
      return input;
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
 * Frees a key whose queue is empty, else makes its next event due. It takes two statements, because the second must see
 * everything that consumers queued before the first got the lock.
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
