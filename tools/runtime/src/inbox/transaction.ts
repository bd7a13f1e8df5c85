import type { RecordInput, Settled } from './step.ts';
import { base64Of } from '../record/headers.ts';
import { AtlasError, VersionConflict } from '../contract/atlasError.ts';
import { RejoinGroup } from '../ports/kafka.ts';
import type { SqlSession, SqlValue } from '../ports/sql.ts';
import type { InboxOptions } from './options.ts';
import { contextsOf, fieldsOf, type Delivery } from './delivery.ts';
import { type Handled, runHandler } from './runHandler.ts';
import type { Fence } from './fences.ts';
import { ARRIVE, deadName, PARK, QUEUE } from './statements.ts';

const CONFLICTS = 3;
const NO_EFFECT: Handled = { events: false, noop: undefined };

/** One record, one transaction: parked key and inbox, handler, flush, fence. Never throws: the outcome is the core's next input. */
export async function apply(
  options: InboxOptions,
  delivery: Delivery,
  fence: Fence,
  attempt: number,
): Promise<ReturnType<typeof inputOf> | (Extract<RecordInput, { kind: 'settled' }> & Pick<Handled, 'noop'>)> {
  try {
    const { how, events, noop } = await transact(options, delivery, fence, attempt);
    if (events) options.wake();
    return { kind: 'settled', how, noop };
  } catch (error) {
    const input = inputOf(error);
    if (input.kind === 'away' || input.kind === 'unknown')
      options.log.warn({ err: error, ...fieldsOf(delivery), outcome: input.kind }, 'an event has to wait');
    return input;
  }
}

async function transact(
  options: InboxOptions,
  delivery: Delivery,
  fence: Fence,
  attempt: number,
): Promise<{ readonly how: Settled } & Handled> {
  const { store, clock, decoders, fences } = options;
  const { record, reader } = delivery;
  const now = clock.now();
  const nextContext = contextsOf(delivery, now);
  // before the transaction, for the registry may take its time; a parked key's events are not decoded until it is their turn
  const decoded = decoders.decode(reader.contract, record.value);
  await decoded.catch(() => undefined);
  for (let conflicts = 0; ; conflicts++) {
    try {
      return await store.transaction(async (session) => {
        const { parked, fresh } = await arrive(session, delivery, now);
        if (!parked && !fresh) return { how: 'duplicate', ...NO_EFFECT };
        if (parked) {
          const queued = await queue(session, delivery, { tries: 0, now });
          await fences.check(session, fence);
          return { how: queued ? 'queued' : 'duplicate', ...NO_EFFECT };
        }
        const data = await decoded;
        const effect = await runHandler(options, session, delivery, {
          data,
          ctx: nextContext(),
          attempt,
        });
        await fences.check(session, fence);
        return { how: 'applied', ...effect };
      });
    } catch (error) {
      if (!(error instanceof VersionConflict) || conflicts >= CONFLICTS) throw error;
    }
  }
}

/** Moves the key out of the way: its head row, and the record as the first of its queue. */
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
      const next = new Date(now.getTime() + ms);
      await session.query(PARK, [topic, delivery.key, partition, 'retrying', tries, next, now, error]);
      await queue(session, delivery, { tries, now });
      await fences.check(session, fence);
    });
    return { kind: 'parked' };
  } catch (failure) {
    log.warn({ err: failure, ...fieldsOf(delivery) }, 'could not park the key, trying again');
    return plumbingInputOf(failure);
  }
}

async function arrive(
  session: SqlSession,
  { record, received, reader, key }: Delivery,
  now: Date,
): Promise<{ readonly parked: boolean; readonly fresh: boolean }> {
  const { name } = reader.contract;
  const values: readonly SqlValue[] = [record.topic, key, received.id, name, deadName(name), now];
  const [row] = await session.query<{ parked: boolean; fresh: boolean }>(ARRIVE, values);
  return row ?? { parked: false, fresh: false };
}

/** False where the record is in the queue or was settled already. */
async function queue(
  session: SqlSession,
  { record, received, reader, key }: Delivery,
  { tries, now }: { readonly tries: number; readonly now: Date },
): Promise<boolean> {
  const { name } = reader.contract;
  const rows = await session.query(QUEUE, [
    record.topic,
    key,
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
  ]);
  return rows.length > 0;
}

/** Neither the record's fault nor the handler's. */
const AWAY = new Set(['ATLAS_DATABASE_UNAVAILABLE', 'ATLAS_REGISTRY_UNAVAILABLE', 'ATLAS_CONTENDED']);

export function inputOf(
  error: unknown,
): Extract<RecordInput, { kind: 'failed' | 'undecodable' | 'away' | 'unknown' | 'fenced' }> {
  const message = errorText(error);
  if (error instanceof RejoinGroup) return { kind: 'fenced' };
  if (!(error instanceof AtlasError)) return { kind: 'failed', error: message };
  if (AWAY.has(error.code)) return { kind: 'away' };
  if (error.code === 'ATLAS_COMMIT_UNKNOWN') return { kind: 'unknown' };
  if (error.code === 'ATLAS_AVRO_DECODE') return { kind: 'undecodable', error: message };
  return { kind: 'failed', error: message };
}

/** Of a transaction without a handler in it: what fails there is no fault of the record. */
export function plumbingInputOf(error: unknown): Extract<RecordInput, { kind: 'away' | 'fenced' }> {
  return error instanceof RejoinGroup ? { kind: 'fenced' } : { kind: 'away' };
}

/** `Name: message`, for tables and headers; a stack would be noise there. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return errorText(new Error(String(error)));
  const text = `${error instanceof AtlasError ? error.code : error.name}: ${error.message}`;
  // a text column has no U+0000, and what a handler says of its event may have some
  return text.slice(0, 2_000).replaceAll('\0', '\u2400');
}
