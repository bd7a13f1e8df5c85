import { AtlasError } from '../contract/atlasError.ts';
import type { RetryContract } from '../contract/message.ts';
import { uuidv7 } from '../ids.ts';
import { parkedStep, type ParkedInput } from '../inbox/parking/step.ts';
import type { DeathReason } from '../inbox/step.ts';
import type { LogFields } from '../ports/log.ts';
import { flushAtCommit } from '../outbox/flush.ts';
import type { OutboxRecord } from '../outbox/record.ts';
import { ONLY_EVENTS } from '../outbox/written.ts';
import type { SqlSession } from '../ports/sql.ts';
import { base64Of } from '../record/headers.ts';
import type { TimerOptions } from './options.ts';
import { FINISH, HOLD, INSERT_DEAD_TIMER, RETRY_LATER, type ClaimedRow } from './statements.ts';

/**
 * Writes down what follows a try: nothing if it is done, else when it is tried again, or that it is given up. Never
 * throws: what can't be written down is tried again when the claim ends.
 */
export async function endTry(
  options: TimerOptions,
  row: ClaimedRow,
  claim: string,
  retry: RetryContract,
  input: ParkedInput | 'gone',
): Promise<void> {
  const { store, meters, log } = options;
  const { kind, name, key, id } = row;
  if (input === 'gone') return meters.gone.add(1, { kind, name });
  if (input.kind === 'failed' || input.kind === 'slow' || input.kind === 'undecodable')
    meters.failed.add(1, { kind, name });
  const next = parkedStep({ tries: row.attempts, waitedMs: row.waited_ms }, retry, input);
  try {
    if (next.kind === 'reschedule') {
      const values = [kind, name, key, id, claim, next.tries, next.ms, next.error];
      await store.read((session) => session.query(RETRY_LATER, values));
    } else if (next.kind === 'deadLetter') await giveUp(options, row, claim, retry, next);
  } catch (error) {
    log.warn({ err: error, ...logFieldsOf(row) }, `the ${kind} could not be ended, will try again`);
  }
}

/** The fields of each log line about a timer or an effect. */
export function logFieldsOf({ kind, name, key, correlation_id: correlationId, attempts }: ClaimedRow): LogFields {
  return { [kind]: name, key, correlationId, attempt: attempts + 1 };
}

/** Why a timer or an effect is given up. */
interface TimerDeath {
  readonly reason: DeathReason;
  readonly tries: number;
  readonly error: string;
}

/**
 * Gives a timer or an effect up in one transaction: its row in `atlas_dead`, its dead letter in the outbox, and its own
 * row, which is held or removed. Nothing happens if it was cancelled or moved in the meantime. Throws like the store.
 */
async function giveUp(
  options: TimerOptions,
  row: ClaimedRow,
  claim: string,
  retry: RetryContract,
  death: TimerDeath,
): Promise<void> {
  const { store, meters, log } = options;
  const { kind, name, key } = row;
  const ended = await store.transaction<boolean>(async (session) => {
    const rows =
      retry.onDead === 'hold'
        ? await session.query(HOLD, [kind, name, key, row.id, claim, death.tries, death.error])
        : await session.query(FINISH, [[kind], [name], [key], [row.id], claim]);
    if (rows.length === 0) return false;
    return flushAtCommit({ records: [await deadLetterOf(options, session, row, death)] }, () => true);
  });
  if (!ended) return;
  meters.dead.add(1, { reason: death.reason });
  log.error({ ...logFieldsOf(row), ...death }, `the ${kind} was given up and goes to the dead-letter topic`);
  options.wake(ONLY_EVENTS);
}

/**
 * Writes the row in `atlas_dead` and gives the dead letter for the outbox. Of an event's headers it has those that mean
 * something here, and the timer's name and key.
 */
async function deadLetterOf(
  { contract, clock }: TimerOptions,
  session: SqlSession,
  row: ClaimedRow,
  { reason, tries, error }: TimerDeath,
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
