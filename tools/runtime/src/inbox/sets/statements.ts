import type { Statement } from '../../ports/sql.ts';

/*
 * $1 topic, $2 keys, $3 events, $4 sources (three lists with an element per message), $5 consumer, $6 its dead name,
 * $7 now, $8 group, $9 topic, $10 partition, $11 epoch. Does for many messages what `atlas_inbox_arrive` does for one:
 * locks the fence and the parked keys, and enters the events of the other keys in the inbox. If two of the messages are
 * copies, the first one is fresh. Returns indexes, which begin at 0.
 *
 * The lists are read in subqueries, which hide their lengths from the planner. Otherwise it would expect a plan for the
 * length of a set to be cheaper than the prepared one, and make a plan for each set, which costs more than running it.
 */
export const ARRIVE_SET: Statement = {
  name: 'atlas_inbox_arrive_set',
  text: `WITH fence AS MATERIALIZED (
  SELECT 1 FROM atlas_fence WHERE group_id = $8 AND topic = $9 AND partition = $10 AND epoch = $11 FOR KEY SHARE
), head AS MATERIALIZED (
  SELECT key FROM atlas_parked_key WHERE topic = $1 AND key = ANY ((SELECT $2::bytea[])::bytea[]) ORDER BY key FOR KEY SHARE
), message AS MATERIALIZED (
  SELECT n::integer - 1 AS n, event_id, source, key IN (SELECT key FROM head) AS is_parked
  FROM unnest((SELECT $2::bytea[]), (SELECT $3::text[]), (SELECT $4::text[])) WITH ORDINALITY AS m (key, event_id, source, n)
), fresh AS (
  INSERT INTO atlas_inbox (event_id, consumer, applied_at, source)
  SELECT event_id, $5, $7::timestamptz, source FROM message
  WHERE EXISTS (SELECT FROM fence) AND NOT is_parked AND (
    SELECT true FROM atlas_inbox AS i
    WHERE i.event_id = message.event_id AND i.consumer IN ($5, $6) AND i.source IN (message.source, '') LIMIT 1
  ) IS NULL
  ORDER BY event_id, source
  ON CONFLICT DO NOTHING RETURNING event_id, source
) SELECT EXISTS (SELECT FROM fence) AS mine,
  ARRAY (SELECT n FROM message WHERE is_parked) AS parked,
  ARRAY (
    SELECT min(n) FROM message JOIN fresh USING (event_id, source) WHERE NOT is_parked GROUP BY event_id, source
  ) AS fresh`,
};

export interface ArrivedSet {
  readonly mine: boolean;
  readonly parked: readonly number[];
  readonly fresh: readonly number[];
}
