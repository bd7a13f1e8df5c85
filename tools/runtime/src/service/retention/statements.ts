import type { Statement } from '../../ports/sql.ts';

/*
 * In each statement, $1 is the age in days from which rows are deleted, and $2 is the most rows. It returns how many it
 * has deleted, 0 if another instance is cleaning this database. ORDER BY makes Postgres read the index on the age,
 * whatever it knows about the parameters. The array keeps the DELETE from scanning the table.
 */
const MY_TURN = `(SELECT pg_try_advisory_xact_lock(280824367956))`;
const BEFORE = `now() - $1::integer * interval '1 day'`;

/** Each statement names its table itself, so that `atlas breaking` can try it on the tables of another release. */
export const EXPIRE_INBOX: Statement = {
  name: 'atlas_expire_inbox',
  text: `WITH gone AS (
  DELETE FROM atlas_inbox WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM atlas_inbox WHERE ${MY_TURN} AND applied_at < ${BEFORE} ORDER BY applied_at LIMIT $2::integer
  )) RETURNING 1
) SELECT count(*) AS gone FROM gone`,
};

export const EXPIRE_IDEMPOTENCY: Statement = {
  name: 'atlas_expire_idempotency',
  text: `WITH gone AS (
  DELETE FROM atlas_idempotency WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM atlas_idempotency WHERE ${MY_TURN} AND created_at < ${BEFORE} ORDER BY created_at LIMIT $2::integer
  )) RETURNING 1
) SELECT count(*) AS gone FROM gone`,
};

export const EXPIRE_DEAD: Statement = {
  name: 'atlas_expire_dead',
  text: `SELECT CASE WHEN ${MY_TURN} THEN atlas_expire_dead(${BEFORE}, $2::integer) ELSE 0 END AS gone`,
};

/**
 * Deletes keys that have sent nothing for that long and have nothing to send. If such a key sends again, its sequence
 * begins again at 1. A row that was updated after it was found has another ctid, so it stays.
 */
export const EXPIRE_SEQUENCE: Statement = {
  name: 'atlas_expire_sequence',
  text: `WITH gone AS (
  DELETE FROM atlas_sequence WHERE ctid = ANY (ARRAY(
    SELECT s.ctid FROM atlas_sequence s
    WHERE ${MY_TURN} AND s.touched_at < ${BEFORE}
      AND NOT EXISTS (SELECT FROM atlas_outbox o WHERE o.topic = s.topic AND o.key = s.key)
      AND NOT EXISTS (
        SELECT FROM atlas_dead d WHERE d.side = 'publish' AND d.topic = s.topic AND sha256(d.key) = sha256(s.key)
      )
    LIMIT $2::integer
  )) RETURNING 1
) SELECT count(*) AS gone FROM gone`,
};
