import { sql, type CommonQueryMethods } from 'slonik';
import { rows } from '@atlas/runtime/slonik';
import { LOCK } from './lock.ts';

export const STATES = ['REQUESTED', 'REPLAYING', 'COMPARING', 'SWAPPED', 'DIFFERENT', 'FAILED'] as const;
export type State = (typeof STATES)[number];

/** An event that a projection could not apply. */
export interface NotApplied {
  /** Without the namespace. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly reason: string;
}

/** The result of comparing the tables of a projection. */
export interface Compared {
  readonly name: string;
  /** In the new tables. */
  readonly rows: number;
  /** NEW: the old tables were made by another version of the projection, so they are not compared. */
  readonly outcome: 'SAME' | 'NEW' | 'DIFFERENT';
  /** How many rows only the old tables have, and so on. */
  readonly onlyBefore?: number;
  readonly onlyNow?: number;
  readonly changed?: number;
  /** Some rows that differ, by table and key. */
  readonly examples?: readonly string[];
}

export interface Progress {
  readonly events: number;
  readonly eventsToRead: number;
  readonly eventsPerSecond: number;
  /** Null if nothing was read lately, so that nobody knows. */
  readonly remainingSeconds: number | null;
}

/** A row of `rebuild_run`. */
export interface Run {
  readonly rebuildId: string;
  readonly state: State;
  readonly acceptDifference: boolean;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly events: bigint;
  readonly eventsToRead: bigint | null;
  readonly eventsPerSecond: number | null;
  readonly remainingSeconds: number | null;
  readonly failure: string | null;
  readonly projections: readonly Compared[] | null;
  readonly notApplied: readonly NotApplied[] | null;
}

export const ENDED_WITH_ITS_PROCESS =
  'its process ended too early: the old tables stay in use; start another rebuild, which begins again';

/** True while some process holds the lock of rebuilds. */
const IS_HELD = sql.fragment`EXISTS (
  SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid::bigint = ${LOCK.space} AND objid::bigint = ${LOCK.key})`;

/** True for a run that has begun and whose process has ended. */
const IS_ABANDONED = sql.fragment`ended_at IS NULL AND state <> 'REQUESTED' AND NOT ${IS_HELD}`;

/** Reads a run. One that was abandoned is shown as failed. */
export async function findRun(connection: CommonQueryMethods, rebuildId: string): Promise<Run | undefined> {
  const run = await connection.maybeOne(
    sql.prepared('rebuild_run_find', rows<Run>())`SELECT rebuild_id AS "rebuildId",
        CASE WHEN ${IS_ABANDONED} THEN 'FAILED' ELSE state END AS state,
        accept_difference AS "acceptDifference", requested_by AS "requestedBy", requested_at AS "requestedAt",
        started_at AS "startedAt", ended_at AS "endedAt", events, events_to_read AS "eventsToRead",
        events_per_second AS "eventsPerSecond",
        CASE WHEN ${IS_ABANDONED} THEN NULL ELSE remaining_seconds END AS "remainingSeconds",
        CASE WHEN ${IS_ABANDONED} THEN ${ENDED_WITH_ITS_PROCESS} ELSE failure END AS failure,
        projections, not_applied AS "notApplied"
      FROM rebuild_run WHERE rebuild_id = ${rebuildId}`,
  );
  return run ?? undefined;
}

/** Requests a run. False if there is one that has not ended. A run whose process is gone is ended here. */
export async function request(
  connection: CommonQueryMethods,
  run: Pick<Run, 'rebuildId' | 'acceptDifference' | 'requestedBy' | 'requestedAt'>,
): Promise<boolean> {
  await connection.query(
    sql.prepared('rebuild_run_abandoned', rows<never>())`UPDATE rebuild_run
      SET state = 'FAILED', ended_at = clock_timestamp(), remaining_seconds = NULL, failure = ${ENDED_WITH_ITS_PROCESS}
      WHERE ${IS_ABANDONED}`,
  );
  const { rowCount } = await connection.query(
    sql.prepared('rebuild_run_request', rows<never>())`INSERT INTO rebuild_run
        (rebuild_id, state, accept_difference, requested_by, requested_at)
      VALUES (${run.rebuildId}, 'REQUESTED', ${run.acceptDifference}, ${run.requestedBy},
        ${run.requestedAt.toISOString()})
      ON CONFLICT DO NOTHING`,
  );
  return rowCount === 1;
}

/** The run that waits for a process. During another rebuild, it may be the run of that rebuild. */
export async function requested(connection: CommonQueryMethods): Promise<string | undefined> {
  const found = await connection.maybeOneFirst(
    sql.prepared('rebuild_run_requested', rows<{ id: string }>())`SELECT rebuild_id AS id FROM rebuild_run
      WHERE state = 'REQUESTED' AND NOT ${IS_HELD}`,
  );
  return found ?? undefined;
}

/** Takes a requested run over. False if it has begun before. */
export async function begin(connection: CommonQueryMethods, rebuildId: string): Promise<boolean> {
  const { rowCount } = await connection.query(
    sql.type(rows<never>())`UPDATE rebuild_run SET state = 'REPLAYING', started_at = clock_timestamp()
      WHERE rebuild_id = ${rebuildId} AND state = 'REQUESTED'`,
  );
  return rowCount === 1;
}

export async function noteProgress(
  connection: CommonQueryMethods,
  rebuildId: string,
  state: 'REPLAYING' | 'COMPARING',
  progress: Progress,
): Promise<void> {
  await connection.query(
    sql.prepared('rebuild_run_progress', rows<never>())`UPDATE rebuild_run SET state = ${state},
        events = ${progress.events}, events_to_read = ${progress.eventsToRead},
        events_per_second = ${progress.eventsPerSecond}, remaining_seconds = ${progress.remainingSeconds}
      WHERE rebuild_id = ${rebuildId} AND ended_at IS NULL`,
  );
}

/** The result of a run. */
export interface Result {
  readonly state: 'SWAPPED' | 'DIFFERENT' | 'FAILED';
  readonly events?: number;
  readonly failure?: string;
  readonly projections?: readonly Compared[];
  readonly notApplied?: readonly NotApplied[];
}

export async function end(connection: CommonQueryMethods, rebuildId: string, result: Result): Promise<void> {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await connection.query(
    sql.type(rows<never>())`UPDATE rebuild_run SET state = ${result.state}, ended_at = clock_timestamp(),
        events = coalesce(${result.events ?? null}, events), remaining_seconds = NULL,
        events_per_second = coalesce(${result.events ?? null}, events)
          / nullif(extract(epoch FROM clock_timestamp() - started_at), 0),
        failure = ${result.failure ?? null}, projections = ${json(result.projections)}::jsonb,
        not_applied = ${json(result.notApplied)}::jsonb
      WHERE rebuild_id = ${rebuildId} AND ended_at IS NULL`,
  );
}
