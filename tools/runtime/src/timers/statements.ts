import type { Statement } from '../ports/sql.ts';

/** A row that is claimed. */
export interface ClaimedRow {
  readonly kind: 'timer' | 'effect';
  readonly name: string;
  readonly key: string;
  readonly id: string;
  readonly due_at: Date;
  readonly body: Uint8Array;
  readonly fingerprint: string;
  readonly attempts: number;
  readonly correlation_id: string;
  readonly causation_id: string | null;
  readonly actor_id: string | null;
  readonly traceparent: string | null;
  /** For how many milliseconds it has been due. */
  readonly waited_ms: number;
  /** The time of the claim, by the clock of the database. */
  readonly now: Date;
}

/*
 * Cancels rows without a body and sets the others. A timer that exists already is moved. An effect that exists already
 * stays as it is, unless it is held: then it is tried again under its old id, because the outside may have done its
 * work.
 */
export const WRITE_TIMERS: Statement = {
  name: 'atlas_timer_write',
  text: `WITH change AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::bytea[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[])
    AS c (kind, name, key, id, due_at, body, fingerprint, correlation_id, causation_id, actor_id, traceparent)
), cancelled AS (
  DELETE FROM atlas_timer t USING change c
  WHERE c.body IS NULL AND t.kind = c.kind AND t.name = c.name AND t.key = c.key
)
INSERT INTO atlas_timer AS t (kind, name, key, id, due_at, next_at, body, fingerprint, correlation_id, causation_id,
  actor_id, traceparent)
SELECT kind, name, key, id, coalesce(due_at, now()), greatest(due_at, now()), body, fingerprint, correlation_id,
  causation_id, actor_id, traceparent
FROM change WHERE body IS NOT NULL ORDER BY kind, name, key
ON CONFLICT (kind, name, key) DO UPDATE SET
  id = CASE t.kind WHEN 'effect' THEN t.id ELSE excluded.id END,
  set_at = now(), due_at = excluded.due_at, next_at = excluded.next_at, body = excluded.body, fingerprint = excluded.fingerprint,
  state = 'waiting', attempts = 0, last_error = NULL, claimed_by = NULL, claimed_until = NULL,
  correlation_id = excluded.correlation_id, causation_id = excluded.causation_id, actor_id = excluded.actor_id,
  traceparent = excluded.traceparent
WHERE t.kind = 'timer' OR t.state = 'held'`,
};

/**
 * $1 kind, $2 the claim, $3 how many at most, $4 for how many milliseconds, $5 the names that this code knows. Only one
 * instance gets a row.
 */
export const CLAIM_DUE: Statement = {
  name: 'atlas_timer_claim',
  text: `WITH due AS MATERIALIZED (
  SELECT kind, name, key FROM atlas_timer
  WHERE kind = $1 AND state = 'waiting' AND next_at <= now() AND name = ANY($5::text[])
    AND (claimed_until IS NULL OR claimed_until <= now())
  ORDER BY next_at LIMIT $3::integer FOR UPDATE SKIP LOCKED
)
UPDATE atlas_timer t SET claimed_by = $2::uuid, claimed_until = now() + $4::integer * interval '1 millisecond'
FROM due d WHERE t.kind = d.kind AND t.name = d.name AND t.key = d.key
RETURNING t.kind, t.name, t.key, t.id, t.due_at, t.body, t.fingerprint, t.attempts, t.correlation_id, t.causation_id,
  t.actor_id, t.traceparent, now() AS now,
  (extract(epoch FROM now() - greatest(t.due_at, t.set_at)) * 1000)::float8 AS waited_ms`,
};

/** Removes rows of a claim, in the transaction that did their work. Returns those that are still as claimed. */
export const FINISH: Statement = {
  name: 'atlas_timer_finish',
  text: `WITH mine AS MATERIALIZED (
  SELECT kind, name, key FROM atlas_timer WHERE (kind, name, key, id) IN (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[])
  ) AND claimed_by = $5::uuid ORDER BY kind, name, key FOR UPDATE
)
DELETE FROM atlas_timer t USING mine m WHERE t.kind = m.kind AND t.name = m.name AND t.key = m.key RETURNING t.id`,
};

/**
 * $1 kind, $2 name, $3 key, $4 id, $5 the claim, $6 failed tries, $7 milliseconds to the next one, $8 the error. The
 * row is never tried before its due time: the clock may have jumped back, and a handler must not see a time before that
 * of its timer.
 */
export const RETRY_LATER: Statement = {
  name: 'atlas_timer_retry',
  text: `UPDATE atlas_timer SET attempts = $6::integer,
  next_at = greatest(due_at, now() + $7::integer * interval '1 millisecond'), last_error = $8, claimed_by = NULL,
  claimed_until = NULL
WHERE kind = $1 AND name = $2 AND key = $3 AND id = $4::uuid AND claimed_by = $5::uuid`,
};

/** From now on, it continues only if a handler sets it again. */
export const HOLD: Statement = {
  name: 'atlas_timer_hold',
  text: `UPDATE atlas_timer SET state = 'held', attempts = $6::integer, last_error = $7, claimed_by = NULL,
  claimed_until = NULL
WHERE kind = $1 AND name = $2 AND key = $3 AND id = $4::uuid AND claimed_by = $5::uuid RETURNING 1 AS held`,
};

/** Gives a claim back that was not worked on. */
export const RELEASE: Statement = {
  name: 'atlas_timer_release',
  text: `UPDATE atlas_timer SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = $1::uuid AND kind = $2`,
};

const WAITING = `SELECT next_at, claimed_until FROM atlas_timer
  WHERE kind = $1 AND state = 'waiting' AND name = ANY($2::text[])`;

/**
 * Milliseconds until the next row is due; null if none waits. A claimed row is due when its claim ends. Rows are
 * claimed only when they are due, so of those that are due later, the first one is enough.
 */
export const NEXT_DUE: Statement = {
  name: 'atlas_timer_next',
  text: `SELECT (extract(epoch FROM min(greatest(next_at, claimed_until)) - now()) * 1000)::float8 AS ms
FROM (
  (${WAITING} AND next_at > now() ORDER BY next_at LIMIT 1)
  UNION ALL
  (${WAITING} AND next_at <= now() ORDER BY next_at LIMIT 1000)
) AS soonest`,
};

/** Counts by kind and state. `due` (a count) and `late` (in seconds) include only the names that this code knows. */
export const COUNT_TIMERS: Statement = {
  name: 'atlas_timer_count',
  text: `SELECT kind, state, count(*) AS rows, count(*) FILTER (WHERE next_at <= now() AND name = ANY($1::text[])) AS due,
  (extract(epoch FROM now() - min(next_at) FILTER (WHERE next_at <= now() AND name = ANY($1::text[]))))::float8 AS late
FROM atlas_timer GROUP BY kind, state`,
};

export const KEEP_SCHEMAS: Statement = {
  name: 'atlas_payload_schema_keep',
  text: `INSERT INTO atlas_payload_schema (fingerprint, text) SELECT * FROM unnest($1::text[], $2::text[])
ON CONFLICT DO NOTHING`,
};

export const FIND_SCHEMA: Statement = {
  name: 'atlas_payload_schema_find',
  text: `SELECT text FROM atlas_payload_schema WHERE fingerprint = $1`,
};

export const INSERT_DEAD_TIMER: Statement = {
  name: 'atlas_dead_insert_timer',
  text: `INSERT INTO atlas_dead (side, topic, key, consumer, event_id, body, headers, reason, error, attempts, dead_at)
VALUES ($1, $2, $3, $2, $4, $5, $6::jsonb, $7, $8, $9, now())`,
};
