import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type CommonQueryMethods } from 'slonik';
import { aggregateOf, type Problem } from '@atlas/runtime';
import { rows } from '@atlas/runtime/slonik';
import type { Topic } from './topics.ts';

/** An `Atlas-Version`: the last event of a topic and key that the caller wants to see. */
export interface MinVersion {
  readonly kind: string;
  readonly key: string;
  readonly sequence: bigint;
}

export type ForeignVersion = Problem<400, 'min-version-foreign'>;

const PATIENCE_MS = 2_000;
const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 250;

/** Parses the text, which fits the contract's pattern. */
export function parseMinVersion(text: string): MinVersion {
  const slash = text.indexOf('/');
  const at = text.lastIndexOf('@');
  return { kind: text.slice(0, slash), key: text.slice(slash + 1, at), sequence: BigInt(text.slice(at + 1)) };
}

/** A problem if the report is not made from that kind of aggregate, because it could wait forever. */
export function foreignKind({ kind }: MinVersion, topics: readonly Topic[]): ForeignVersion | undefined {
  const kinds = topics.map(aggregateOf);
  return kinds.includes(kind)
    ? undefined
    : foreign(`this report is not made of events of "${kind}", only of: ${kinds.join(', ')}`);
}

export function foreign(detail: string): ForeignVersion {
  return {
    status: 400,
    problem: { code: 'min-version-foreign', detail, errors: [{ pointer: '/query/minVersion', detail }] },
  };
}

export async function hasArrived(db: CommonQueryMethods, { kind, key, sequence }: MinVersion): Promise<boolean> {
  const last = await db.maybeOneFirst(
    sql.prepared(
      'reporting.last_version',
      rows<{ readonly sequence: bigint }>(),
    )`SELECT sequence FROM aggregate_version WHERE kind = ${kind} AND key = ${key}`,
  );
  return last !== null && last >= sequence;
}

/**
 * Waits until a version has arrived, two seconds at most. Each look takes a connection only briefly, so nobody else
 * waits for one meanwhile. Rejects once the signal aborts.
 */
export async function waitFor(db: CommonQueryMethods, wanted: MinVersion, signal: AbortSignal): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    if (await hasArrived(db, wanted)) return;
    const left = end - performance.now();
    if (left <= 0) return;
    await sleep(Math.min(wait, left), undefined, { signal });
  }
}
