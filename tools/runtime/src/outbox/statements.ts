import type { Statement } from '../ports/sql.ts';

/*
 * Dead letters (rows with headers) get no sequence: they carry the headers of the original event, which include its
 * sequence, and their keys may be longer than an index allows. `outbox` reads `sequence`, so all sequence rows are
 * locked before the first outbox row gets its id. ORDER BY position gives out the ids in the order of the events.
 */
const EVENTS = `record AS (
  SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::jsonb[], $12::timestamptz[], $13::text[]) WITH ORDINALITY
    AS r (topic, key, body, fingerprint, ce_id, ce_type, correlation_id, causation_id, actor_id, traceparent, headers,
      occurred_at, label, position)
), sequence AS (
  INSERT INTO atlas_sequence AS s (topic, key, n)
  SELECT topic, key, count(*) FROM record WHERE key IS NOT NULL AND headers IS NULL
  GROUP BY topic, key ORDER BY topic COLLATE "C", key
  ON CONFLICT (topic, key) DO UPDATE SET n = s.n + excluded.n, touched_at = now()
  RETURNING topic, key, n
), outbox AS (
  INSERT INTO atlas_outbox (topic, key, sequence, body, fingerprint, ce_id, ce_type, correlation_id, causation_id,
    actor_id, traceparent, headers, occurred_at)
  SELECT r.topic, r.key,
    s.n - count(*) OVER (PARTITION BY r.topic, r.key)
      + row_number() OVER (PARTITION BY r.topic, r.key ORDER BY r.position),
    r.body, r.fingerprint, r.ce_id, r.ce_type, r.correlation_id, r.causation_id, r.actor_id, r.traceparent, r.headers,
    r.occurred_at
  FROM record r LEFT JOIN sequence s ON s.topic = r.topic AND s.key = r.key AND r.headers IS NULL
  ORDER BY r.position
), version AS (
  SELECT string_agg(r.label || s.n, ', ' ORDER BY r.first) AS version
  FROM (
    SELECT topic, key, label, min(position) AS first FROM record WHERE key IS NOT NULL AND headers IS NULL
    GROUP BY topic, key, label
  ) r
  JOIN sequence s ON s.topic = r.topic AND s.key = r.key
)`;

/**
 * The same for a single event with a key, which is the most frequent flush. Without arrays, windows and groups it takes
 * half of the processor time. The parameters are those of `EVENTS`, each with one value.
 */
const EVENT = `sequence AS (
  INSERT INTO atlas_sequence AS s (topic, key, n) VALUES ($1, $2, 1)
  ON CONFLICT (topic, key) DO UPDATE SET n = s.n + 1, touched_at = now()
  RETURNING n
), outbox AS (
  INSERT INTO atlas_outbox (topic, key, sequence, body, fingerprint, ce_id, ce_type, correlation_id, causation_id,
    actor_id, traceparent, headers, occurred_at)
  SELECT $1, $2, n, $3::bytea, $4, $5::uuid, $6, $7, $8, $9, $10, $11::jsonb, $12::timestamptz FROM sequence
), version AS (
  SELECT $13::text || n AS version FROM sequence
)`;

const COLUMNS = 'principal, operation, key, digest, status, headers, body, created_at';

/** The response is stored with its `Atlas-Version`, which is not known before this statement. */
const RESPONSE = `answer AS (
  INSERT INTO atlas_idempotency (${COLUMNS})
  SELECT $14, $15, $16, $17, $18::integer,
    $19::jsonb || jsonb_strip_nulls(jsonb_build_object('atlas-version', version)), $20, $21::timestamptz
  FROM version
)`;

export const FLUSH_EVENT: Statement = {
  name: 'atlas_flush_event',
  text: `WITH ${EVENT} SELECT version FROM version`,
};

export const FLUSH_EVENTS: Statement = {
  name: 'atlas_flush_events',
  text: `WITH ${EVENTS} SELECT version FROM version`,
};

/** Violates the primary key if a response is stored already. It must fail then, because COMMIT is sent with it. */
export const FLUSH_RESPONSE: Statement = {
  name: 'atlas_flush_answer',
  text: `INSERT INTO atlas_idempotency (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8)`,
};

export const FLUSH_EVENT_AND_RESPONSE: Statement = {
  name: 'atlas_flush_one_and_answer',
  text: `WITH ${EVENT}, ${RESPONSE} SELECT version FROM version`,
};

export const FLUSH_EVENTS_AND_RESPONSE: Statement = {
  name: 'atlas_flush_both',
  text: `WITH ${EVENTS}, ${RESPONSE} SELECT version FROM version`,
};
