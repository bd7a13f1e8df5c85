import { contextPerTry, NOBODY } from '../command/request.ts';
import type { Ctx } from '../contract/handler.ts';
import type { AnyEventResult } from '../contract/service.ts';
import { flushAtCommit } from '../outbox/flush.ts';
import { wakeFor, writtenOf } from '../outbox/written.ts';
import { checkEmits, toOutboxRecords, type Origin, type OutboxRecord } from '../outbox/record.ts';
import type { LastStatements, SqlSession } from '../ports/sql.ts';
import { timerStatements, toTimerRows, type TimerRow } from './changes.ts';
import type { TimerOptions } from './options.ts';
import { FINISH, type ClaimedRow } from './statements.ts';

/** What a handler gave for one row, ready to be written. */
export interface Worked {
  readonly row: ClaimedRow;
  readonly records: readonly OutboxRecord[];
  readonly timers: readonly TimerRow[];
  readonly noop: string | undefined;
}

/** Some rows of a claim were cancelled or moved while their handlers ran, so the transaction is rolled back. */
export class Gone extends Error {
  constructor() {
    super('cancelled or moved in the meantime');
  }
}

/** The `ctx` of each try: with the time of the claim, so that a handler never runs before its timer is due. */
export function contextsOf(row: ClaimedRow): () => Ctx {
  const actor = row.actor_id === null ? NOBODY : { id: row.actor_id, roles: [] };
  return contextPerTry(row.now, { actor, correlationId: row.correlation_id });
}

/** Checks what a handler returned. Throws `AtlasError` if its contract does not allow it. */
export function workedOf(
  { contract }: TimerOptions,
  row: ClaimedRow,
  emits: readonly (readonly string[])[],
  result: AnyEventResult,
  ctx: Ctx,
): Worked {
  checkEmits(emits, result.events);
  const origin: Origin = {
    correlationId: row.correlation_id,
    causationId: row.id,
    actorId: row.actor_id,
    traceparent: row.traceparent,
    occurredAt: ctx.now,
    newId: ctx.newId,
  };
  return {
    row,
    records: toOutboxRecords(contract.messages, result.events, origin),
    timers: toTimerRows(contract, result, origin),
    noop: result.noop,
  };
}

/**
 * Ends rows in the transaction in which their handlers ran: removes them, and gives what writes their timers and
 * events together with COMMIT. It locks the rows after all that the handlers have locked, as a command does that
 * cancels a timer, so that the two do not wait for each other. Throws `Gone`.
 */
export async function finish<T extends readonly Worked[]>(
  session: SqlSession,
  claim: string,
  worked: T,
): Promise<T | LastStatements<T>> {
  const rows = worked.map(({ row }) => row);
  const ended = await session.query(FINISH, [
    rows.map(({ kind }) => kind),
    rows.map(({ name }) => name),
    rows.map(({ key }) => key),
    rows.map(({ id }) => id),
    claim,
  ]);
  if (ended.length < rows.length) throw new Gone();
  const before = timerStatements(worked.flatMap(({ timers }) => timers));
  return flushAtCommit({ before, records: worked.flatMap(({ records }) => records) }, () => worked);
}

/** Counts rows that are done, and wakes who has to work on what they left. */
export function countFired({ meters, wake }: TimerOptions, worked: readonly Worked[]): void {
  for (const { row, noop } of worked) {
    const labels = { kind: row.kind, name: row.name };
    meters.fired.add(1, labels);
    if (noop !== undefined) meters.noop.add(1, { ...labels, state: noop });
  }
  wakeFor(wake, ...worked.map(({ records, timers }) => writtenOf(records, timers)));
}
