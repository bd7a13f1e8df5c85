import type { Outcome, RecordInput } from './step.ts';
import { base64Of } from '../record/headers.ts';
import { throughConflicts } from '../conflicts.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { RejoinGroup } from '../ports/kafka.ts';
import type { LastStatements, SqlSession, SqlValue } from '../ports/sql.ts';
import type { InboxOptions } from './options.ts';
import { contextsOf, logFieldsOf, type Delivery } from './delivery.ts';
import type { Fence } from './fences.ts';
import { NOT_HANDLED, runHandler, type Handled } from './handling.ts';
import { ARRIVE, deadName, PARK_KEY, QUEUE_EVENT } from './statements.ts';
import { flushAtCommit } from '../outbox/flush.ts';
import { wakeFor } from '../outbox/written.ts';

/**
 * Consumes a record in one transaction. Besides the handler's statements, it waits for the database twice: BEGIN is
 * sent together with the check of fence, parked key and inbox, and COMMIT together with the flush. Never throws: an
 * error becomes the next input of `recordStep`. With `keepsOffset` it also stores the offset, so no other record of the
 * partition may be under way.
 */
export async function apply(
  options: InboxOptions,
  delivery: Delivery,
  fence: Fence,
  { attempt, keepsOffset }: { readonly attempt: number; readonly keepsOffset: boolean },
): Promise<
  | ReturnType<typeof inputOfError>
  | (Extract<RecordInput, { kind: 'committed' }> & { readonly noop: string | undefined })
> {
  try {
    const { outcome, written, noops } = await transact(options, delivery, fence, { attempt, keepsOffset });
    wakeFor(options.wake, written);
    return { kind: 'committed', outcome, noop: noops[0] };
  } catch (error) {
    const input = inputOfError(error);
    if (input.kind === 'unavailable' || input.kind === 'commitUnknown')
      options.log.warn({ err: error, ...logFieldsOf(delivery), outcome: input.kind }, 'an event has to wait');
    // the log gets the stack, which tables and headers never get
    if (input.kind === 'failed' || input.kind === 'slow')
      options.log.warn({ err: error, ...logFieldsOf(delivery), attempt }, 'a consumer failed');
    return input;
  }
}

type Transacted = { readonly outcome: Outcome } & Handled;

async function transact(
  options: InboxOptions,
  delivery: Delivery,
  fence: Fence,
  { attempt, keepsOffset }: { readonly attempt: number; readonly keepsOffset: boolean },
): Promise<Transacted> {
  const { store, clock, decoders } = options;
  const { record, consumer } = delivery;
  const now = clock.now();
  const nextContext = contextsOf(delivery, now);
  // before the transaction, because the registry may be slow; an error counts only if the key is not parked
  const decoded = delivery.unknown
    ? Promise.reject(delivery.unknown)
    : decoders.decode(consumer.contract, record.value);
  await decoded.catch(() => undefined);
  const kept = keepsOffset ? [options.fences.keepsWithEffects(fence, record.offset + 1n, record.timestamp)] : [];
  const unhandled = (outcome: Outcome): Transacted | LastStatements<Transacted> =>
    flushAtCommit({ before: kept, records: [] }, () => ({ outcome, ...NOT_HANDLED }));
  return throughConflicts(() =>
    store.transaction<Transacted>(async (session) => {
      const { parked, fresh } = await arrive(options, session, delivery, fence, now);
      if (!parked && !fresh) return unhandled('duplicate');
      if (parked) return unhandled((await queue(session, delivery, { tries: 0, now })) ? 'queued' : 'duplicate');
      const data = await decoded;
      const handled = await runHandler(options, session, [{ delivery, data, attempt }], nextContext());
      const before = [...handled.before, ...kept];
      return flushAtCommit({ before, records: handled.records }, () => ({ outcome: 'applied', ...handled }));
    }),
  );
}

/**
 * Parks the key: writes its row and puts the record into its queue as the first one. Later events of the key queue
 * behind it.
 */
export async function park(
  { store, clock, fences, log }: InboxOptions,
  delivery: Delivery,
  fence: Fence,
  { tries, ms, error }: { readonly tries: number; readonly ms: number; readonly error: string },
): Promise<RecordInput> {
  const now = clock.now();
  const { topic, partition } = delivery.record;
  try {
    await store.transaction(async (session) => {
      await session.query(PARK_KEY, [topic, delivery.parkingKey, partition, 'retrying', tries, ms, error]);
      await queue(session, delivery, { tries, now });
      await fences.check(session, fence);
    });
    return { kind: 'parked' };
  } catch (failure) {
    log.warn({ err: failure, ...logFieldsOf(delivery) }, 'could not park the key, will try again');
    return inputOfPlumbingError(failure);
  }
}

/** Locks fence and parked key, and enters the event in the inbox. Throws `RejoinGroup` if the fence is not ours. */
async function arrive(
  { fences }: InboxOptions,
  session: SqlSession,
  { record, received, consumer, parkingKey }: Delivery,
  fence: Fence,
  now: Date,
): Promise<{ readonly parked: boolean; readonly fresh: boolean }> {
  const { name } = consumer.contract;
  const values: readonly SqlValue[] = [
    record.topic,
    parkingKey,
    received.id,
    name,
    deadName(name),
    now,
    received.scope,
    ...fences.values(fence),
  ];
  const [row] = await session.query<{ mine: boolean; parked: boolean; fresh: boolean }>(ARRIVE, values);
  if (row?.mine !== true) throw new RejoinGroup(fence.topic, fence.partition);
  return row;
}

/** Queues the record behind its parked key. False if it is in the queue or in the inbox already. */
export async function queue(
  session: SqlSession,
  { record, received, consumer, parkingKey }: Delivery,
  { tries, now }: { readonly tries: number; readonly now: Date },
): Promise<boolean> {
  const { name } = consumer.contract;
  const rows = await session.query(QUEUE_EVENT, [
    record.topic,
    parkingKey,
    record.partition,
    record.offset,
    name,
    received.id,
    tries,
    record.key,
    record.value,
    JSON.stringify(base64Of(record.headers)),
    record.timestamp,
    now,
    deadName(name),
    received.scope,
  ]);
  return rows.length > 0;
}

/** Errors that are not the fault of the record or its handler. */
const UNAVAILABLE = new Set([
  'ATLAS_BUSY',
  'ATLAS_CONTENDED',
  'ATLAS_DATABASE_UNAVAILABLE',
  'ATLAS_REGISTRY_UNAVAILABLE',
]);

/** Errors of a transaction that took too long. */
const SLOW = new Set(['ATLAS_LOCKED', 'ATLAS_STATEMENT_TIMEOUT', 'ATLAS_HANDLER_TIMEOUT']);

/** The step's input for an error of a transaction in which a handler ran. */
export function inputOfError(
  error: unknown,
):
  | Extract<
      RecordInput,
      { kind: 'slow' | 'undecodable' | 'unknownSchema' | 'unavailable' | 'commitUnknown' | 'fenced' }
    >
  | Omit<Extract<RecordInput, { kind: 'failed' }>, 'ms'> {
  const message = errorText(error);
  if (error instanceof RejoinGroup) return { kind: 'fenced' };
  if (!(error instanceof AtlasError)) return { kind: 'failed', error: message };
  if (UNAVAILABLE.has(error.code)) return { kind: 'unavailable' };
  if (SLOW.has(error.code)) return { kind: 'slow', error: message };
  if (error.code === 'ATLAS_COMMIT_UNKNOWN') return { kind: 'commitUnknown' };
  if (error.code === 'ATLAS_SCHEMA_UNKNOWN') return { kind: 'unknownSchema', error: message };
  if (error.code === 'ATLAS_AVRO_DECODE') return { kind: 'undecodable', error: message };
  return { kind: 'failed', error: message };
}

/** The step's input for an error of a transaction without a handler, which is never the record's fault. */
export function inputOfPlumbingError(error: unknown): Extract<RecordInput, { kind: 'unavailable' | 'fenced' }> {
  return error instanceof RejoinGroup ? { kind: 'fenced' } : { kind: 'unavailable' };
}

/** `Name: message`, for tables and headers. They get no stack. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return errorText(new Error(String(error)));
  const text = `${error instanceof AtlasError ? error.code : error.name}: ${error.message}`;
  // a text column can't store U+0000, and a handler may quote it from its event
  return text.slice(0, 2_000).replaceAll('\0', '\u2400');
}
