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

/** The result of a handler for one row, ready to be written. */
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

/**
 * Returns a function that makes the `ctx` of each try. Its time is that of the claim, so a handler never sees a time
 * before its timer is due.
 */
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
 * Removes rows in the transaction in which their handlers ran, and returns the statements that write their timers and
 * events together with COMMIT. It locks the rows after everything that the handlers have locked. A command that cancels
 * a timer does the same, so the two do not deadlock. Throws `Gone`.
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

/** Counts rows that are done, and wakes the parts that have work from them. */
export function countFired({ meters, wake }: TimerOptions, worked: readonly Worked[]): void {
  for (const { row, noop } of worked) {
    const labels = { kind: row.kind, name: row.name };
    meters.fired.add(1, labels);
    if (noop !== undefined) meters.noop.add(1, { ...labels, state: noop });
  }
  wakeFor(wake, ...worked.map(({ records, timers }) => writtenOf(records, timers)));
}
