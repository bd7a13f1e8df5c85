import type { RuleFinding } from '../rule.ts';
import { withNames, receiversOf, type EventsContext, type TopicPair } from './context.ts';

/** A topic with another number of partitions. */
export interface Repartitioned {
  readonly pair: TopicPair;
  readonly before: number;
  readonly after: number;
}

export function repartitioned({ topics }: EventsContext): readonly Repartitioned[] {
  return topics
    .map((pair) => ({ pair, before: pair.old.partitions.value, after: pair.new.partitions.value }))
    .filter(({ before, after }) => before !== after);
}

/** What both rules report about such a topic. `change` is the id of the rule. */
export function partitionsFinding(
  context: EventsContext,
  { pair: { old, new: next }, before, after }: Repartitioned,
  change: string,
) {
  const consumers = receiversOf(context, old.name);
  return {
    change,
    message: `${old.name} has ${after} instead of ${before} partitions`,
    old: old.partitions.loc,
    new: next.partitions.loc,
    reaches: [old.name],
    consumers,
    spot: old.name,
    safePath: [
      `keep ${old.name} as it is, and add a topic with ${after} partitions`,
      `let ${withNames('the consumers', consumers)} read the old topic to its end, and then the new one`,
      'remove the old topic',
    ],
  } satisfies Partial<RuleFinding>;
}
