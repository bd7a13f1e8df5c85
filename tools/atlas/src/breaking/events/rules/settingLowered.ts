import type { RuleFinding } from '../../rule.ts';
import { named, proven, receiversOf, type EventRule, type EventsContext } from '../context.ts';
import { recordWitness, type RecordValue } from '../records.ts';

const KEPT = 'the old version still has this record, and the new one has deleted it';

const WEEK_MS = 604_800_000;

export const retentionShortened: EventRule = {
  id: 'retention-shortened',
  purpose:
    'A topic keeps events for a shorter time or in fewer bytes, so a consumer that is behind or new misses some.',
  level: 'wire',
  *check(context) {
    yield* lowered(context, {
      change: 'retention-shortened',
      setting: 'retention.ms',
      standard: WEEK_MS,
      says: (before, after) => `keeps events for ${duration(after)} instead of ${duration(before)}`,
      note: (after) => `written ${after + 1} ms ago`,
      verdict: KEPT,
      safePath: (readers) => [
        `let ${readers} read what is older, or copy it`,
        'check that no consumer is further behind than the new time',
        'then shorten it',
      ],
    });
    yield* lowered(context, {
      change: 'retention-shortened',
      setting: 'retention.bytes',
      standard: -1,
      says: (before, after) => `keeps ${bytes(after)} instead of ${bytes(before)} per partition`,
      note: (after) => `followed by ${after} bytes in its partition`,
      verdict: KEPT,
      safePath: (readers) => [`let ${readers} read what is older, or copy it`, 'then shorten it'],
    });
  },
};

export const messageSizeLowered: EventRule = {
  id: 'message-size-lowered',
  purpose: 'A topic takes only smaller records, so the broker refuses events that it took.',
  level: 'wire',
  check: (context) =>
    lowered(context, {
      change: 'message-size-lowered',
      setting: 'max.message.bytes',
      standard: 1_048_588,
      says: (before, after) => `takes records of ${bytes(after)} instead of ${bytes(before)}`,
      note: (after) => `of ${after + 1} bytes`,
      verdict: 'the old version takes this record, and the new one refuses it',
      safePath: () => ['find the largest event that producers send', 'then lower it to no less than that'],
    }),
};

interface Lowered {
  readonly change: string;
  readonly setting: string;
  /** Kafka's own value. */
  readonly standard: number;
  says(before: number, after: number): string;
  /** Which record the lower value loses. */
  note(after: number): string;
  /** What the two versions do with it. */
  readonly verdict: string;
  safePath(readers: string): readonly string[];
}

/** Topics with a lower value of a setting. -1 means that there is no limit. */
function* lowered(context: EventsContext, { change, setting, standard, ...what }: Lowered): Iterable<RuleFinding> {
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
        safePath: what.safePath(named('the consumers', consumers)),
      },
      recordWitness('old', { ...record, note: what.note(after) }, '', what.verdict),
    );
  }
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

function duration(ms: number): string {
  if (ms < 0) return 'ever';
  const [name, size] = UNITS.find(([, one]) => ms >= one && ms % one === 0) ?? ['ms', 1];
  return `${ms / size} ${name}`;
}

function bytes(value: number): string {
  return value < 0 ? 'any number of bytes' : `${value} bytes`;
}
