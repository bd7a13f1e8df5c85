import type { Statement } from '../../ports/sql.ts';
import type { StoredHeaders } from '../../record/headers.ts';

const COLUMNS = `id, topic, key, sequence, body, fingerprint, ce_id, ce_type, correlation_id, causation_id, actor_id,
  traceparent, headers, occurred_at`;

export interface OutboxRow {
  readonly id: bigint;
  readonly topic: string;
  readonly key: Uint8Array | null;
  readonly sequence: bigint | null;
  readonly body: Uint8Array | null;
  readonly fingerprint: string | null;
  readonly ce_id: string;
  readonly ce_type: string;
  readonly correlation_id: string;
  readonly causation_id: string | null;
  readonly actor_id: string | null;
  readonly traceparent: string | null;
  readonly headers: StoredHeaders | null;
  readonly occurred_at: Date;
}

/*
 * A row that exists is not published yet. There is no cursor, so rows whose ids commit out of order are found as well.
 * A row waits behind a dead row of its key. The same snapshot shows the dead row as soon as it has left the outbox.
 * OFFSET 0 makes Postgres look dead rows up in the index `atlas_dead_published`; as a join, it would read all dead rows
 * for each claim. Only rows of this side have an id among their headers.
 */
const WAITING = `topic <> ALL ($2::text[])
  AND NOT EXISTS (
    SELECT FROM atlas_dead d
    WHERE d.side = 'publish' AND d.topic = o.topic AND sha256(d.key) = sha256(o.key)
      AND CASE d.side WHEN 'publish' THEN (d.headers ->> 'id')::bigint END < o.id
    OFFSET 0
  )`;

export const CLAIM: Statement = {
  name: 'atlas_relay_claim',
  text: `SELECT ${COLUMNS} FROM atlas_outbox o WHERE ${WAITING} ORDER BY id LIMIT $1`,
};

/** The same text as `schemaName` makes. Null for a dead letter. */
const SCHEMA_NAME = `topic || E'\\n' || ce_type || E'\\n' || fingerprint`;

/**
 * Also leaves out the rows of the schemas in $3 and later rows of their keys. It is a statement of its own, because it
 * reads the whole outbox. It reads it only once, while a join with the waiting keys would compare each row with each
 * key. LATERAL and OFFSET 0 make it look up only as many rows as it returns.
 */
export const CLAIM_AROUND: Statement = {
  name: 'atlas_relay_claim_around',
  text: `SELECT o.* FROM (
  SELECT id FROM (
    SELECT id, CASE WHEN key IS NULL THEN bad ELSE bool_or(bad) OVER (PARTITION BY topic, key ORDER BY id) END AS held
    FROM (SELECT id, topic, key, coalesce(${SCHEMA_NAME} = ANY ($3::text[]), false) AS bad FROM atlas_outbox) AS row
  ) AS row WHERE NOT held ORDER BY id OFFSET 0
) AS free CROSS JOIN LATERAL (
  SELECT ${COLUMNS} FROM atlas_outbox o WHERE id = free.id AND ${WAITING} OFFSET 0
) AS o ORDER BY free.id LIMIT $1`,
};

/*
 * Locks the lease's row, so that its epoch can't change before the commit. The commit is asynchronous, so after a crash
 * deleted rows may come back. They are published again, and consumers drop the copies.
 */
const MINE = `mine AS MATERIALIZED (
  SELECT set_config('synchronous_commit', 'off', true) FROM atlas_lease WHERE name = 'relay' AND epoch = $1 FOR SHARE
)`;

export const DELETE: Statement = {
  name: 'atlas_relay_delete',
  text: `WITH ${MINE}, gone AS (
  DELETE FROM atlas_outbox WHERE id = ANY ($2::bigint[]) AND EXISTS (SELECT FROM mine) RETURNING 1
) SELECT count(*) AS mine, (SELECT count(*) FROM gone) AS gone FROM mine`,
};

/** Commits synchronously, because the row leaves the outbox for good. */
export const MARK_DEAD: Statement = {
  name: 'atlas_relay_bury',
  text: `WITH mine AS MATERIALIZED (
  SELECT FROM atlas_lease WHERE name = 'relay' AND epoch = $1 FOR SHARE
), gone AS (
  DELETE FROM atlas_outbox WHERE id = $2 AND EXISTS (SELECT FROM mine) RETURNING *
), dead AS (
  INSERT INTO atlas_dead (side, topic, key, partition, event_id, body, headers, reason, error, attempts, dead_at)
  SELECT 'publish', topic, key, $3::integer, ce_id::text, body, to_jsonb(gone) - 'key' - 'body', 'refused', $4::text, 1,
    $5::timestamptz
  FROM gone
) SELECT count(*) AS mine FROM mine`,
};

/** Takes the bytes out of a dead letter and leaves these headers ($3). */
export const SHORTEN: Statement = {
  name: 'atlas_relay_shorten',
  text: `WITH mine AS MATERIALIZED (
  SELECT FROM atlas_lease WHERE name = 'relay' AND epoch = $1 FOR SHARE
), shorter AS (
  UPDATE atlas_outbox SET body = NULL, headers = $3::jsonb WHERE id = $2 AND EXISTS (SELECT FROM mine)
) SELECT count(*) AS mine FROM mine`,
};

/** Topics that have keys which wait behind a dead row. */
export const HELD_TOPICS: Statement = {
  name: 'atlas_relay_held_topics',
  text: `SELECT DISTINCT topic FROM atlas_dead WHERE side = 'publish' AND key IS NOT NULL`,
};

export const BACKLOG: Statement = {
  name: 'atlas_relay_backlog',
  text: `SELECT count(*) AS pending, extract(epoch FROM now() - min(occurred_at))::float8 AS oldest FROM atlas_outbox`,
};

export const KEEP_SCHEMA: Statement = {
  name: 'atlas_schema_keep',
  text: `INSERT INTO atlas_schema (fingerprint, subject, text, registry_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (subject, fingerprint) DO UPDATE SET registry_id = coalesce(excluded.registry_id, atlas_schema.registry_id)
WHERE atlas_schema.registry_id IS DISTINCT FROM coalesce(excluded.registry_id, atlas_schema.registry_id)`,
};

export const SCHEMA: Statement = {
  name: 'atlas_schema_find',
  text: `SELECT text, registry_id FROM atlas_schema WHERE subject = $1 AND fingerprint = $2`,
};
