import { html, type Html } from '@atlas/runtime/html';
import { dayText, instantText } from '../dates.ts';
import { decimalOf, minorDigits } from '../reports/money.ts';

const GROUPED = new Intl.NumberFormat('en');
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `1,250`. */
export function count(value: number): string {
  return GROUPED.format(value);
}

/** `1.3M`: for the axis of a chart. */
export function compact(value: number): string {
  return COMPACT.format(value);
}

/** `1,234.50 EUR` for 123450. */
export function money(amountMinor: number, currency: string): string {
  return `${amount(amountMinor, currency)} ${currency}`;
}

/** `1,234.50` for 123450 in EUR. Exact, because it never becomes a binary fraction. */
export function amount(amountMinor: number, currency: string): string {
  const [whole = '0', fraction] = decimalOf(Math.abs(amountMinor), currency).split('.');
  const digits = fraction === undefined ? '' : `.${fraction}`;
  return `${amountMinor < 0 ? '−' : ''}${GROUPED.format(BigInt(whole))}${digits}`;
}

/** The amount in major units, only for bars, because it may be rounded. */
export function major(amountMinor: number, currency: string): number {
  return amountMinor / 10 ** minorDigits(currency);
}

/** `Nov 2026`. */
export function monthText(date: string): string {
  return dayText(date).replace(/^\d+ /, '');
}

export function day(date: string): Html {
  return html`<time datetime="${date}">${dayText(date)}</time>`;
}

/** The same for a page. */
export function instant(at: string): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${instantText(at)}</time>`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration as people say it, in at most two units: `40 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `2 days 3 h`. */
export function duration(seconds: number): string {
  if (seconds < 0.001) return '0 s';
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return two(whole, MINUTE, 'min', 1, 's');
  if (whole < DAY) return two(whole, HOUR, 'h', MINUTE, 'min');
  return two(whole, DAY, whole < 2 * DAY ? 'day' : 'days', HOUR, 'h');
}

/** The same in its first unit only, for a picture: `2 days` for two days and three hours. */
export function briefly(seconds: number): string {
  return duration(seconds).split(' ').slice(0, 2).join(' ');
}

function two(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${count(Math.floor(seconds / large))} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

/** Turns `AWAITING_APPROVAL` or `AwaitingApproval` into `Awaiting approval`. */
export function sentence(name: string): string {
  const apart = /[a-z]/.test(name) ? name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ') : name.replaceAll('_', ' ');
  return apart.charAt(0).toUpperCase() + apart.slice(1).toLowerCase();
}

/** `1 order`, `2 orders`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A UUID without its middle. Version 7 begins with the time, so the end distinguishes orders of the same minute. */
export function key(id: string): Html {
  const short = id.length === 36 ? `${id.slice(0, 8)}…${id.slice(-6)}` : id;
  return html`<span class="key" title="${id}">${short}</span>`;
}
