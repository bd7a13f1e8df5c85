import type { EventRule } from '../context.ts';
import { bytes, loweredSetting } from '../loweredSetting.ts';

const KEPT = 'the old version still has this record, and the new one has deleted it';

const WEEK_MS = 604_800_000;

export const retentionShortened: EventRule = {
  id: 'retention-shortened',
  purpose:
    'A topic keeps events for a shorter time or in fewer bytes, so a consumer that is behind or new misses some.',
  level: 'wire',
  *check(context) {
    yield* loweredSetting(context, {
      change: 'retention-shortened',
      setting: 'retention.ms',
      standard: WEEK_MS,
      says: (before, after) => `keeps events for ${duration(after)} instead of ${duration(before)}`,
      note: (after) => `written ${after + 1} ms ago`,
      verdict: KEPT,
      safePath: (readers) => [
        `let ${readers} read what is older, or copy it`,
        'check that no consumer is further behind than the new time',
        'shorten it',
      ],
    });
    yield* loweredSetting(context, {
      change: 'retention-shortened',
      setting: 'retention.bytes',
      standard: -1,
      says: (before, after) => `keeps ${bytes(after)} instead of ${bytes(before)} per partition`,
      note: (after) => `followed by ${after} bytes in its partition`,
      verdict: KEPT,
      safePath: (readers) => [`let ${readers} read what is older, or copy it`, 'shorten it'],
    });
  },
};

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
