import type { RetryPolicy } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import { didYouMean } from '../../document/suggest.ts';

export const DEFAULT_RETRY: RetryPolicy = { retries: 5, baseMs: 200, capMs: 30_000, onDead: 'hold' };

/** The longest wait that makes sense while a partition or a key stands still. */
const LONGEST_MS = 24 * 60 * 60 * 1000;
/** The policy of the whole system: who has to wait longer raises base and cap. */
const MOST_RETRIES = 5;

export interface RetryView {
  readonly policy: RetryPolicy;
  readonly problems: readonly {
    readonly loc: Cursor['loc'];
    readonly message: string;
    readonly fix: string;
  }[];
}

/** Reads `x-atlas-retry: {retries, base, cap, onDead}` over the default; what it can't take is a problem each. */
export function retryOf(cursor: Cursor | undefined): RetryView {
  const policy: { -readonly [Key in keyof RetryPolicy]: RetryPolicy[Key] } = { ...DEFAULT_RETRY };
  const problems: { loc: Cursor['loc']; message: string; fix: string }[] = [];
  if (!cursor) return { policy, problems };
  if (typeof cursor.value !== 'object' || cursor.value === null || Array.isArray(cursor.value))
    problems.push({
      loc: cursor.valueLoc,
      message: 'x-atlas-retry is no object',
      fix: 'write {retries: 5, base: 200ms, cap: 30s, onDead: hold}',
    });
  for (const [key, value] of cursor.entries()) {
    if (key === 'retries') {
      const retries = value.number();
      if (retries !== undefined && Number.isInteger(retries) && retries >= 0 && retries <= MOST_RETRIES)
        policy.retries = retries;
      else
        problems.push({
          loc: value.valueLoc,
          message: `retries is no whole number up to ${MOST_RETRIES}`,
          fix: `write 0 to ${MOST_RETRIES}; to wait longer, raise base and cap`,
        });
    } else if (key === 'base' || key === 'cap') {
      const ms = durationMs(value.string());
      if (ms === undefined)
        problems.push({
          loc: value.valueLoc,
          message: `${key} is no duration that fits`,
          fix: 'write 200ms, 30s, 5m or 1h: more than nothing, a day at most',
        });
      else if (key === 'base') policy.baseMs = ms;
      else policy.capMs = ms;
    } else if (key === 'onDead') {
      const text = value.string();
      if (text === 'hold' || text === 'continue') policy.onDead = text;
      else
        problems.push({
          loc: value.valueLoc,
          message: 'onDead is neither "hold" nor "continue"',
          fix: 'write hold (the key waits for an operator) or continue',
        });
    } else
      problems.push({
        loc: value.loc,
        message: `unknown key ${JSON.stringify(key)} in x-atlas-retry`,
        fix: didYouMean(key, KEYS) ?? 'retries, base, cap and onDead are known',
      });
  }
  if (policy.baseMs > policy.capMs)
    problems.push({
      loc: cursor.valueLoc,
      message: 'base is longer than cap',
      fix: 'make cap at least as long as base',
    });
  return { policy, problems };
}

const KEYS = ['retries', 'base', 'cap', 'onDead'];

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** `200ms`, `30s`, `5m`, `1h` in milliseconds; undefined for anything else, zero and more than a day included. */
export function durationMs(text: string | undefined): number | undefined {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(text ?? '') ?? [];
  const ms = Number(amount) * (UNITS.get(unit ?? '') ?? Number.NaN);
  return ms > 0 && ms <= LONGEST_MS ? ms : undefined;
}
