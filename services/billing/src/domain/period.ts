import { dayOf, monthOf } from './calendar.ts';

/** A month of the books. */
export interface Period {
  /** YYYY-MM. */
  readonly period: string;
  /** 1 while it is open, 2 once it is closed. */
  readonly version: bigint;
  /** Who closed it, and when. Undefined for an earlier period that was closed only together with a later one. */
  readonly closed: { readonly by: string; readonly at: Date } | undefined;
}

export type Closing =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly problem: { readonly code: 'period-closed' | 'period-not-over'; readonly detail: string };
    };

export function closing({ period, version }: Period, now: Date): Closing {
  if (version > 1n) return { ok: false, problem: { code: 'period-closed', detail: `${period} is closed` } };
  const today = dayOf(now);
  if (period >= monthOf(today))
    return { ok: false, problem: { code: 'period-not-over', detail: `${period} is not over: today is ${today}` } };
  return { ok: true };
}
