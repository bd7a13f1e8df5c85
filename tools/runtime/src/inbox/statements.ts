import type { Statement } from '../ports/sql.ts';
import type { StoredHeaders } from '../record/headers.ts';

/**
 * The name under which the inbox has the events that the consumer gave up, so that a copy is neither applied nor given
 * up again.
 */
export function deadName(consumer: string): string {
  return `${consumer} (dead)`;
}

/*
 * An event is identified by its source and its id. Rows with the source '' were written by a release that did not know
 * sources, so they match every source.
 */

/*
 * $1 topic, $2 key, $3 event, $4 consumer, $5 its dead name, $6 now, $7 source, $8 group, $9 topic, $10 partition,
 * $11 epoch. Locks the fence like CHECK_FENCE, and a parked key's row: the retrier may try an event of the key at the
 * same time, but not free the key. The insert waits for an open transaction with the same event, and then finds that
 * event.
 */
export const ARRIVE: Statement = {
  name: 'atlas_inbox_arrive',
  text: `WITH fence AS MATERIALIZED (
  SELECT 1 FROM atlas_fence WHERE group_id = $8 AND topic = $9 AND partition = $10 AND epoch = $11 FOR KEY SHARE
), head AS MATERIALIZED (
  SELECT 1 FROM atlas_parked_key WHERE topic = $1 AND key = $2 FOR KEY SHARE
), fresh AS (
  INSERT INTO atlas_inbox (event_id, consumer, applied_at, source) SELECT $3, $4, $6::timestamptz, $7
  WHERE EXISTS (SELECT FROM fence) AND NOT EXISTS (SELECT FROM head)
    AND NOT EXISTS (SELECT FROM atlas_inbox WHERE event_id = $3 AND consumer IN ($4, $5) AND source IN ($7, ''))
  ON CONFLICT DO NOTHING RETURNING 1
) SELECT EXISTS (SELECT FROM fence) AS mine, EXISTS (SELECT FROM head) AS parked, EXISTS (SELECT FROM fresh) AS fresh`,
};

/**
 * $1 event, $2 consumer, $3 now, $4 source. Writes only the inbox row, for an event whose parked key is locked already
 * or that is given up.
 */
export const INSERT_INBOX: Statement = {
  name: 'atlas_inbox_enter',
  text: `INSERT INTO atlas_inbox (event_id, consumer, applied_at, source) SELECT $1, $2, $3::timestamptz, $4
WHERE NOT EXISTS (SELECT FROM atlas_inbox WHERE event_id = $1 AND consumer = $2 AND source = '')
ON CONFLICT DO NOTHING RETURNING 1 AS fresh`,
};

/** Puts an event behind the others of its key, unless it is in the queue or in the inbox already. */
export const QUEUE_EVENT: Statement = {
  name: 'atlas_parked_queue',
  text: `INSERT INTO atlas_parked (topic, key, partition, record_offset, consumer, event_id, attempts, record_key, body,
  headers, occurred_at, parked_at, source)
SELECT $1, $2, $3::integer, $4::bigint, $5, $6, $7::integer, $8::bytea, $9::bytea,
  $10::jsonb, $11::timestamptz, $12::timestamptz, $14
WHERE NOT EXISTS (SELECT FROM atlas_inbox WHERE event_id = $6 AND consumer IN ($5, $13) AND source IN ($14, ''))
  AND NOT EXISTS (
    SELECT FROM atlas_parked
    WHERE topic = $1 AND key = $2 AND event_id = $6 AND consumer = $5 AND source IN ($14, '')
  )
RETURNING 1 AS queued`,
};

/*
 * The times of parked keys come from the database's clock, because an instance whose clock is wrong would try them too
 * early or too late. `parked_at` is when the key's first event began to wait.
 */

/** $1 topic, $2 key, $3 partition, $4 state, $5 tries, $6 milliseconds until the next try, $7 error. */
export const PARK_KEY: Statement = {
  name: 'atlas_parked_key_park',
  text: `INSERT INTO atlas_parked_key (topic, key, partition, state, attempts, next_at, parked_at, last_error)
VALUES ($1, $2, $3, $4, $5, clock_timestamp() + $6::integer * interval '1 millisecond', clock_timestamp(), $7)
ON CONFLICT DO NOTHING`,
};

/** The failed tries of a parked key, and for how long its first event has waited, without a lock. */
export const READ_KEY: Statement = {
  name: 'atlas_parked_key_peek',
  text: `SELECT attempts, extract(epoch FROM clock_timestamp() - parked_at)::float8 * 1000 AS waited_ms
FROM atlas_parked_key WHERE topic = $1 AND key = $2 AND state = 'retrying'`,
};

export interface HeadRow {
  readonly attempts: number;
  readonly waited_ms: number;
}

/** Keeps other instances from trying the key. Consumers still queue events behind it, because a try may take long. */
export const LOCK_KEY: Statement = {
  name: 'atlas_parked_key_lock',
  text: `SELECT attempts FROM atlas_parked_key WHERE topic = $1 AND key = $2 AND state = 'retrying' FOR NO KEY UPDATE`,
};

/** Waits until no consumer is queueing an event behind the key, and blocks consumers from doing so until the commit. */
export const CLOSE_QUEUE: Statement = {
  name: 'atlas_parked_key_close',
  text: `SELECT 1 FROM atlas_parked_key WHERE topic = $1 AND key = $2 FOR UPDATE`,
};

/** The first event of a parked key's queue. */
export const FIRST_QUEUED: Statement = {
  name: 'atlas_parked_first',
  text: `SELECT id, partition, record_offset, consumer, event_id, record_key, body, headers, occurred_at
FROM atlas_parked WHERE topic = $1 AND key = $2 ORDER BY id LIMIT 1`,
};

export interface ParkedRow {
  readonly id: bigint;
  readonly partition: number;
  readonly record_offset: bigint;
  readonly consumer: string;
  readonly event_id: string;
  readonly record_key: Uint8Array | null;
  readonly body: Uint8Array | null;
  readonly headers: StoredHeaders;
  readonly occurred_at: Date;
}

export const RESCHEDULE_KEY: Statement = {
  name: 'atlas_parked_key_reschedule',
  text: `UPDATE atlas_parked_key SET attempts = $3,
  next_at = clock_timestamp() + $4::integer * interval '1 millisecond', last_error = $5 WHERE topic = $1 AND key = $2`,
};

/** From now on, the key continues only after a replay or a discard. */
export const HOLD_KEY: Statement = {
  name: 'atlas_parked_key_hold',
  text: `UPDATE atlas_parked_key SET state = 'held', attempts = $3, last_error = $4 WHERE topic = $1 AND key = $2`,
};

export const REMOVE_QUEUED: Statement = {
  name: 'atlas_parked_remove',
  text: `DELETE FROM atlas_parked WHERE id = $1`,
};

/** Frees the key if its queue is empty. Otherwise its next event is due now. */
export const ADVANCE_KEY: Statement = {
  name: 'atlas_parked_key_advance',
  text: `WITH waiting AS (
  SELECT EXISTS (SELECT FROM atlas_parked WHERE topic = $1 AND key = $2) AS more
), gone AS (
  DELETE FROM atlas_parked_key WHERE topic = $1 AND key = $2 AND NOT (SELECT more FROM waiting)
) UPDATE atlas_parked_key SET attempts = 0, next_at = clock_timestamp(), parked_at = clock_timestamp()
WHERE topic = $1 AND key = $2 AND (SELECT more FROM waiting)`,
};

/** Limited to this member's partitions ($1, $2), because otherwise keys of other members could fill the LIMIT. */
export const DUE_KEYS: Statement = {
  name: 'atlas_parked_key_due',
  text: `SELECT topic, key, partition, extract(epoch FROM next_at - clock_timestamp())::float8 * 1000 AS left_ms
FROM atlas_parked_key
WHERE state = 'retrying' AND (topic, partition) IN (SELECT * FROM unnest($1::text[], $2::integer[]))
ORDER BY next_at LIMIT 100`,
};

/**
 * Parked keys by state: how many there are, how many have been due for half a minute without a try, and for how many
 * seconds the oldest has been parked.
 */
export const COUNT_KEYS: Statement = {
  name: 'atlas_parked_key_count',
  text: `SELECT state, count(*) AS keys, count(*) FILTER (WHERE next_at < now() - interval '30 seconds') AS overdue,
  extract(epoch FROM now() - min(parked_at))::float8 AS oldest
FROM atlas_parked_key GROUP BY state`,
};

/** Events that wait behind parked keys, by the state of their key. */
export const COUNT_PARKED: Statement = {
  name: 'atlas_parked_count',
  text: `SELECT k.state, count(*) AS events FROM atlas_parked p JOIN atlas_parked_key k USING (topic, key) GROUP BY k.state`,
};

/** Dead rows by reason, and the age of the oldest in seconds. */
export const COUNT_DEAD: Statement = {
  name: 'atlas_dead_count',
  text: `SELECT reason, count(*) AS rows, extract(epoch FROM now() - min(dead_at))::float8 AS oldest
FROM atlas_dead GROUP BY reason`,
};

export const INSERT_DEAD: Statement = {
  name: 'atlas_dead_insert',
  text: `INSERT INTO atlas_dead (side, topic, key, partition, record_offset, consumer, event_id, body, headers, reason, error,
  attempts, dead_at, source)
VALUES ('consume', $1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12, $13)
RETURNING id`,
};

/**
 * Runs in its own transaction, before a partition's first batch after each join. Waits for transactions that have
 * checked the fence, because FOR UPDATE conflicts with their locks; an update of the epoch alone would not. The offset
 * is known only if the last owner stored it, because an older release raises the epoch without storing it.
 */
export const RAISE_FENCE: Statement = {
  name: 'atlas_fence_raise',
  text: `WITH fence AS MATERIALIZED (
  SELECT 1 FROM atlas_fence WHERE group_id = $1 AND topic = $2 AND partition = $3 FOR UPDATE
)
INSERT INTO atlas_fence AS f (group_id, topic, partition, epoch, offset_epoch)
SELECT $1, $2, $3::integer, 1, 1 WHERE (SELECT count(*) FROM fence) < 2
ON CONFLICT (group_id, topic, partition) DO UPDATE SET epoch = f.epoch + 1, offset_epoch = f.epoch + 1,
  next_offset = CASE WHEN f.offset_epoch = f.epoch THEN f.next_offset END
RETURNING epoch, next_offset`,
};

/** While a key of the partition is parked, the effects of its events are missing, so the instant does not advance. */
const NOTHING_PARKED = `NOT EXISTS (SELECT FROM atlas_parked_key p WHERE p.topic = f.topic AND p.partition = f.partition)`;

const keepOffset = `UPDATE atlas_fence f SET next_offset = $5,
  as_of = CASE WHEN $6::timestamptz <= clock_timestamp() AND ${NOTHING_PARKED} THEN greatest(f.as_of, $6) ELSE f.as_of END
WHERE group_id = $1 AND topic = $2 AND partition = $3 AND epoch = $4`;

/**
 * Stores the first offset that is not consumed yet ($5), and when the record before it was written ($6, or null):
 * everything published until then is consumed. A time in the future is ignored. The commit is asynchronous, so a crash
 * of the database may bring back an older offset, and the records after it are read again. No row means that the
 * partition has another owner.
 */
export const KEEP_OFFSET: Statement = {
  name: 'atlas_fence_keep_offset',
  text: `WITH lazy AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
${keepOffset} AND EXISTS (SELECT FROM lazy)
RETURNING 1 AS mine`,
};

/**
 * The same, in the transaction that writes the effects of these records. No other records of the partition may be under
 * way.
 */
export const KEEP_OFFSET_WITH_EFFECTS: Statement = {
  name: 'atlas_fence_keep_offset_with_effects',
  text: keepOffset,
};

/** The time of the database, because the clock of an instance may be wrong. */
export const DATABASE_TIME: Statement = { name: 'atlas_now', text: 'SELECT clock_timestamp() AS now' };

/**
 * The partitions $2, $3, $4 (topics, partitions, epochs) ended at the offsets $5 at the instant $6. If everything
 * before an end is consumed, everything published until that instant is consumed.
 */
export const KEEP_AS_OF: Statement = {
  name: 'atlas_fence_keep_as_of',
  text: `WITH lazy AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE atlas_fence f SET as_of = $6
FROM unnest($2::text[], $3::integer[], $4::bigint[], $5::bigint[]) AS e (topic, partition, epoch, high)
WHERE f.group_id = $1 AND f.topic = e.topic AND f.partition = e.partition AND f.epoch = e.epoch
  AND f.next_offset >= e.high AND f.as_of < $6 AND ${NOTHING_PARKED} AND EXISTS (SELECT FROM lazy)`,
};

/**
 * Locks the fence, so that nobody raises its epoch before the commit. Many transactions may hold the lock together, and
 * the offset can be stored meanwhile. No row means that the partition has another owner.
 */
export const CHECK_FENCE: Statement = {
  name: 'atlas_fence_check',
  text: `SELECT 1 AS mine FROM atlas_fence
WHERE group_id = $1 AND topic = $2 AND partition = $3 AND epoch = $4 FOR KEY SHARE`,
};
