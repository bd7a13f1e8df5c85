import type { RuleFinding } from '../rule.ts';
import { withNames, proven, receiversOf, type EventsContext } from './context.ts';
import { recordWitness, type RecordValue } from './records.ts';

/** A setting of a topic, and what a lower value of it means. */
export interface Setting {
  /** The id of the rule that uses it. */
  readonly change: string;
  readonly setting: string;
  /** Kafka's own default. */
  readonly standard: number;
  says(before: number, after: number): string;
  /** Which record the lower value loses. */
  note(after: number): string;
  /** What the two versions do with it. */
  readonly verdict: string;
  safePath(readers: string): readonly string[];
}

/** Topics with a lower value of a setting. -1 means that there is no limit. */
export function* loweredSetting(
  context: EventsContext,
  { change, setting, standard, ...what }: Setting,
): Iterable<RuleFinding> {
  for (const { old, new: next } of context.topics) {
    const valueOf = ({ settings }: typeof old): number => Number(settings.value[setting] ?? standard);
    const [before, after] = [valueOf(old), valueOf(next)];
    if (Number.isNaN(before) || Number.isNaN(after)) continue;
    if (after < 0 || after === before || (before >= 0 && after > before)) continue;
    const consumers = receiversOf(context, old.name);
    const [message] = old.messages.values();
    const record: RecordValue = message ? context.records.old.of(old, message) : { topic: old.name };
    yield proven(
      {
        change,
        message: `${old.name} ${what.says(before, after)}`,
        old: old.settings.loc,
        new: next.settings.loc,
        reaches: [old.name],
        consumers,
        spot: `${old.name} ${setting}`,
        safePath: what.safePath(withNames('the consumers', consumers)),
      },
      recordWitness('old', { ...record, note: what.note(after) }, '', what.verdict),
    );
  }
}

/** A number of bytes in words. */
export function bytes(value: number): string {
  return value < 0 ? 'any number of bytes' : `${value} bytes`;
}
