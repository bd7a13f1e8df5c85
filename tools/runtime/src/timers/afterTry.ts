import { AtlasError } from '../contract/atlasError.ts';
import type { RetryContract } from '../contract/message.ts';
import { uuidv7 } from '../ids.ts';
import { parkedInputOf } from '../inbox/parking/tryFirst.ts';
import type { LogFields } from '../ports/log.ts';
import { flushAtCommit } from '../outbox/flush.ts';
import type { OutboxRecord } from '../outbox/record.ts';
import { ONLY_EVENTS } from '../outbox/written.ts';
import type { SqlSession } from '../ports/sql.ts';
import { base64Of } from '../record/headers.ts';
import type { TimerOptions } from './options.ts';
import { FINISH, HOLD, INSERT_DEAD_TIMER, RETRY_LATER, type ClaimedRow } from './statements.ts';
import type { DueHead, TriedEffect, TriedInput } from './step.ts';
import { Gone } from './transaction.ts';

/** What the steps need to know about a claimed row. */
export function headOf({ attempts, waited_ms }: ClaimedRow, retry: RetryContract): DueHead {
  return { tries: attempts, waitedMs: waited_ms, retry };
}

/** Counts and logs a failed try, and returns the step's input for its error. */
export function triedInputOf({ meters, log }: TimerOptions, row: ClaimedRow, error: unknown): TriedInput {
  const { kind, name } = row;
  if (error instanceof Gone) {
    meters.gone.add(1, { kind, name });
    return { kind: 'gone' };
  }
  log.warn({ err: error, ...logFieldsOf(row) }, `the ${kind} failed`);
  const input = parkedInputOf(error);
  if (input.kind === 'failed' || input.kind === 'slow' || input.kind === 'undecodable')
    meters.failed.add(1, { kind, name });
  return input;
}

/**
 * Stores what follows a try: when to try the row again, or that it is given up. Never throws: if this can't be stored,
 * the row is tried again when the claim ends.
 */
export async function follow(
  options: TimerOptions,
  row: ClaimedRow,
  claim: string,
  effect: Exclude<TriedEffect, { kind: 'end' }>,
): Promise<TriedInput> {
  const { store, log } = options;
  const { kind, name, key, id } = row;
  try {
    if (effect.kind === 'giveUp') return { kind: (await giveUp(options, row, claim, effect)) ? 'written' : 'gone' };
    const values = [kind, name, key, id, claim, effect.tries, effect.ms, effect.error];
    await store.read((session) => session.query(RETRY_LATER, values));
    return { kind: 'written' };
  } catch (error) {
    log.warn({ err: error, ...logFieldsOf(row) }, `the ${kind} could not be ended, will try again`);
    return { kind: 'notWritten' };
  }
}

/** The fields of each log line about a timer or an effect. */
function logFieldsOf({ kind, name, key, correlation_id: correlationId, attempts }: ClaimedRow): LogFields {
  return { [kind]: name, key, correlationId, attempt: attempts + 1 };
}

type GiveUp = Extract<TriedEffect, { kind: 'giveUp' }>;

/**
 * Gives a timer or an effect up in one transaction: writes its row in `atlas_dead` and its dead letter in the outbox,
 * and holds or removes its own row. Returns false, without any effect, if it was cancelled or moved in the meantime.
 * Throws like the store.
 */
async function giveUp(options: TimerOptions, row: ClaimedRow, claim: string, death: GiveUp): Promise<boolean> {
  const { store, meters, log } = options;
  const { kind, name, key } = row;
  const { reason, tries, error } = death;
  const ended = await store.transaction<boolean>(async (session) => {
    const rows =
      death.row === 'hold'
        ? await session.query(HOLD, [kind, name, key, row.id, claim, tries, error])
        : await session.query(FINISH, [[kind], [name], [key], [row.id], claim]);
    if (rows.length === 0) return false;
    return flushAtCommit({ records: [await deadLetterOf(options, session, row, death)] }, () => true);
  });
  if (!ended) return false;
  meters.dead.add(1, { reason });
  log.error(
    { ...logFieldsOf(row), reason, tries, error },
    `the ${kind} was given up and goes to the dead-letter topic`,
  );
  options.wake(ONLY_EVENTS);
  return true;
}

/**
 * Writes the row in `atlas_dead` and returns the dead letter for the outbox. The letter has those headers of an event
 * that apply here, and the timer's name and key.
 */
async function deadLetterOf(
  { contract, clock }: TimerOptions,
  session: SqlSession,
  row: ClaimedRow,
  { reason, tries, error }: GiveUp,
): Promise<OutboxRecord> {
  const { kind, name, key, body, fingerprint } = row;
  const { dlqTopic } = contract;
  if (dlqTopic === undefined)
    throw new AtlasError('ATLAS_CONTRACT', `${contract.service} has timers or effects but no dead-letter topic`);
  const now = clock.now();
  const headers = base64Of({
    'kafka_dlt-exception-fqcn': error.split(':', 1)[0] ?? 'Error',
    'kafka_dlt-exception-message': error,
    [kind]: name,
    key,
    attempts: String(tries),
    fingerprint,
    correlationid: row.correlation_id,
  });
  const bytes = Buffer.from(key);
  await session.query(INSERT_DEAD_TIMER, [
    kind,
    name,
    bytes,
    row.id,
    body,
    JSON.stringify(headers),
    reason,
    error,
    tries,
  ]);
  return {
    topic: dlqTopic,
    key: bytes,
    body,
    fingerprint: null,
    id: uuidv7(now.getTime(), 0),
    type: name,
    correlationId: row.correlation_id,
    causationId: row.id,
    actorId: null,
    traceparent: null,
    headers,
    occurredAt: now,
  };
}
