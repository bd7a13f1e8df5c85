import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type CommonQueryMethods } from 'slonik';
import { rows } from '@atlas/runtime/slonik';
import type { NotApplied } from './runs.ts';

const MOST = 100;
const LOOK_EVERY_MS = 200;
/** Longer than the retries of an event take. */
const PATIENCE_MS = 180_000;

/** Waits until the events of all keys are applied or given up, except keys that also wait in the old tables. */
export async function untilSettled(connection: CommonQueryMethods, signal: AbortSignal): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
    const waits = await connection.exists(
      sql.type(rows<object>())`SELECT FROM rebuild.atlas_parked_key n WHERE n.state = 'retrying'
        AND NOT EXISTS (SELECT FROM public.atlas_parked_key o WHERE (o.topic, o.key) = (n.topic, n.key))`,
    );
    if (!waits) return;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** The first events that are not in the new tables, and whether all of them are missing in the old ones as well. */
export async function notAppliedEvents(
  connection: CommonQueryMethods,
  namespace: string,
): Promise<{ readonly events: readonly NotApplied[]; readonly known: boolean }> {
  const found = await connection.any(
    sql.type(rows<{ topic: string; partition: number; offset: bigint; reason: string; known: boolean }>())`
      SELECT substr(e.topic, length(${namespace}::text) + 1) AS topic, e.partition, e.record_offset AS offset,
        left(e.reason, 1000) AS reason,
        EXISTS (SELECT FROM public.atlas_dead d WHERE d.event_id = e.event_id AND d.consumer = e.consumer)
          OR EXISTS (SELECT FROM public.atlas_parked p WHERE p.event_id = e.event_id AND p.consumer = e.consumer) AS known
      FROM (
        SELECT topic, partition, record_offset, event_id, consumer, error AS reason FROM rebuild.atlas_dead
        UNION ALL
        SELECT p.topic, p.partition, p.record_offset, p.event_id, p.consumer, 'waits behind another event: ' || k.last_error
        FROM rebuild.atlas_parked p JOIN rebuild.atlas_parked_key k USING (topic, key)
      ) e
      ORDER BY e.topic, e.partition, e.record_offset`,
  );
  return {
    events: found.slice(0, MOST).map(({ topic, partition, offset, reason }) => ({
      topic,
      partition,
      offset: Number(offset),
      reason,
    })),
    known: found.every(({ known }) => known),
  };
}
