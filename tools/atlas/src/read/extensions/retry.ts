import { isObject, type RetryPolicy } from '@atlas/ir';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../document/cursor.ts';
import { didYouMean } from '../../document/suggest.ts';

const DEFAULT_RETRY: RetryPolicy = { retries: 5, baseMs: 200, capMs: 30_000, onDead: 'hold' };

/** A day, which is the longest wait that makes sense, because a partition or a key waits with it. */
const MAX_WAIT_MS = 24 * 60 * 60 * 1000;
/** The most retries that any policy may have. */
const MAX_RETRIES = 5;

export interface RetryView {
  readonly policy: RetryPolicy;
  readonly findings: readonly Finding[];
}

/** Reads `x-atlas-retry: {retries, base, cap, onDead}` over the default. Each invalid part is a finding of its own. */
export function retryOf(cursor: Cursor | undefined): RetryView {
  const policy: { -readonly [Key in keyof RetryPolicy]: RetryPolicy[Key] } = { ...DEFAULT_RETRY };
  const findings: Finding[] = [];
  if (!cursor) return { policy, findings };
  const report = (message: string, loc: Finding['loc'], fix: string): unknown => findings.push({ message, loc, fix });
  if (!isObject(cursor.value))
    report(
      'x-atlas-retry is not an object',
      cursor.valueLoc,
      'write {retries: 5, base: 200ms, cap: 30s, onDead: hold}',
    );
  for (const [key, value] of cursor.entries()) {
    const wrong = (message: string, fix: string): unknown => report(message, value.valueLoc, fix);
    switch (key) {
      case 'retries': {
        const retries = value.number() ?? -1;
        if (Number.isInteger(retries) && retries >= 0 && retries <= MAX_RETRIES) policy.retries = retries;
        else
          wrong(
            `retries must be a whole number from 0 to ${MAX_RETRIES}`,
            `write 0 to ${MAX_RETRIES}; to wait longer, raise base and cap`,
          );
        break;
      }
      case 'base':
      case 'cap': {
        const ms = durationMs(value.string());
        if (ms === undefined)
          wrong(`${key} is not a duration of at most a day`, 'write a duration such as 200ms, 30s, 5m or 1h');
        else policy[key === 'base' ? 'baseMs' : 'capMs'] = ms;
        break;
      }
      case 'onDead': {
        const text = value.string();
        if (text === 'hold' || text === 'continue') policy.onDead = text;
        else wrong('onDead must be "hold" or "continue"', 'write hold (the key waits for an operator) or continue');
        break;
      }
      default:
        report(
          `unknown key ${JSON.stringify(key)} in x-atlas-retry`,
          value.loc,
          didYouMean(key, KEYS) ?? `use ${KEYS.join(', ')}`,
        );
    }
  }
  if (policy.baseMs > policy.capMs)
    report('base is longer than cap', cursor.valueLoc, 'make cap at least as long as base');
  return { policy, findings };
}

const KEYS = ['retries', 'base', 'cap', 'onDead'];

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** `200ms`, `30s`, `5m`, `1h` in milliseconds; undefined for anything else, including zero and for more than a day. */
export function durationMs(text: string | undefined): number | undefined {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(text ?? '') ?? [];
  const ms = Number(amount) * (UNITS.get(unit ?? '') ?? Number.NaN);
  return ms > 0 && ms <= MAX_WAIT_MS ? ms : undefined;
}
