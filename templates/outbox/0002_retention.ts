/**
 * What the relay's claim and the clean-up of old rows need. An instance of the release before may run while this is
 * applied: its statements work as before. This text never changes again, because databases have its checksum.
 */
export const retention = (
  app: string,
): string => `-- Rows that wait behind a refused event of their key are found by this index, however many rows are dead. By hash,
-- because a key may be longer than an index allows.
CREATE INDEX atlas_dead_published ON atlas_dead (topic, sha256(key)) WHERE side = 'publish';

-- The clean-up finds the oldest rows by these. They grow at their right edge, so an insert pays little.
CREATE INDEX atlas_dead_age ON atlas_dead (dead_at);
CREATE INDEX atlas_inbox_age ON atlas_inbox (applied_at);
CREATE INDEX atlas_idempotency_age ON atlas_idempotency (created_at);

-- When a key last got an event. It has no index, so that the update at each event stays cheap.
ALTER TABLE atlas_sequence ADD COLUMN touched_at timestamptz NOT NULL DEFAULT now();

-- Forgets the oldest rows that gave up, and returns how many. The role of the service may not delete from atlas_dead; by
-- this function it may, but only rows that are at least a week old and that nothing waits behind: an event that could
-- not be published stays if it has a key, and a consumed one stays while a key of its partition is held.
CREATE FUNCTION atlas_expire_dead(before timestamptz, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER AS $expire$
  WITH gone AS (
    DELETE FROM atlas_dead WHERE id = ANY (ARRAY(
      SELECT d.id FROM atlas_dead d
      WHERE d.dead_at < least(before, now() - interval '7 days')
        AND CASE d.side
          WHEN 'publish' THEN d.key IS NULL
          ELSE NOT EXISTS (
            SELECT FROM atlas_parked_key k
            WHERE k.state = 'held' AND k.topic = d.topic AND k.partition = d.partition
          )
        END
      ORDER BY d.dead_at LIMIT most
    )) RETURNING 1
  ) SELECT count(*) FROM gone
$expire$;
REVOKE ALL ON FUNCTION atlas_expire_dead FROM PUBLIC;

DO $grants$
DECLARE
  app text := ${app};
BEGIN
  EXECUTE format('ALTER FUNCTION atlas_expire_dead SET search_path = %I, pg_temp', current_schema());
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = app) THEN
    EXECUTE format('GRANT EXECUTE ON FUNCTION atlas_expire_dead TO %I', app);
  END IF;
END
$grants$;
`;
