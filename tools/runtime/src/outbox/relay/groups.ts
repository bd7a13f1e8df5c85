import type { RelayRow } from './state.ts';

/**
 * A partition's share of one send is one record batch, and `max.message.bytes` (1 MiB unless set otherwise) is about the
 * batch.
 */
const BATCH_BYTES = 900 * 1024;

/** Rows in their order, cut where a partition's share would become too large for the broker. */
export function groupsOf<Row extends RelayRow>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups: Row[][] = [];
  let group: Row[] = [];
  let shares = new Map<string, number>();
  for (const row of rows) {
    const place = `${row.topic}/${row.partition}`;
    const share = (shares.get(place) ?? 0) + row.bytes;
    if (share > BATCH_BYTES && shares.has(place)) {
      groups.push(group);
      group = [];
      shares = new Map([[place, row.bytes]]);
    } else shares.set(place, share);
    group.push(row);
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** A refused group in smaller ones, whose refusal says more: by topic, then by row. Undefined for a single row. */
export function split<Row extends RelayRow>(group: readonly Row[]): readonly (readonly Row[])[] | undefined {
  if (group.length <= 1) return undefined;
  const topics = Map.groupBy(group, ({ topic }) => topic);
  return topics.size > 1 ? [...topics.values()] : group.map((row) => [row]);
}
