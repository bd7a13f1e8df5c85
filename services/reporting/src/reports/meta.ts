import type { CommonQueryMethods } from 'slonik';
import type { components } from '@atlas/generated-reporting';
import type { Topic } from './topics.ts';

export type Meta = components['schemas']['Meta'];

/** Reads up to which instant everything published to each topic has been consumed. */
export type Freshness = (db: CommonQueryMethods) => Promise<readonly { readonly topic: string; readonly asOf: Date }[]>;

const STALE_SECONDS = 30;

/** The instant for a topic that was never read. */
const NEVER = new Date(0);

/** How fresh a report of these topics is at an instant: as fresh as its oldest source. */
export function metaOf(
  found: Awaited<ReturnType<Freshness>>,
  topics: readonly Topic[],
  at: Date,
  satisfied: boolean | undefined,
): Meta {
  const known = new Map(found.map(({ topic, asOf }) => [topic, asOf]));
  const sources = topics.map((topic) => ({ topic, watermark: known.get(topic) ?? NEVER }));
  const asOf = new Date(Math.min(...sources.map(({ watermark }) => watermark.getTime())));
  const lagSeconds = Math.max(0, at.getTime() - asOf.getTime()) / 1_000;
  return {
    asOf: asOf.toISOString(),
    lagSeconds,
    stale: lagSeconds > STALE_SECONDS,
    ...(satisfied === undefined ? {} : { satisfied }),
    sources: sources.map(({ topic, watermark }) => ({ topic, watermark: watermark.toISOString() })),
  };
}
