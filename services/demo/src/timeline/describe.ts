import { isRecord } from '@atlas/stack';
import type { SeenEvent } from '../topics/eventOf.ts';
import type { Entry } from './entry.ts';

/** An event as a row: its name and the interesting part of its payload. */
export function entryOf(event: SeenEvent, nameOf: (actorId: string) => string): Entry {
  const { time, source, correlationId, actorId } = event;
  const detail = detailOf(event.data);
  const who = actorId === undefined ? '' : nameOf(actorId);
  return { time, service: source, what: detail === '' ? event.name : `${event.name}: ${detail}`, who, correlationId };
}

/** The interesting member of a payload: the first of these that it has. */
const DETAILS: readonly (readonly [member: string, show: (value: unknown) => string])[] = [
  ['shortages', listOf((one) => `wants ${text(one, 'wanted')} × ${text(one, 'sku')}, ${text(one, 'available')} free`)],
  ['delta', (delta) => `${Number(delta) > 0 ? '+' : ''}${String(delta)}`],
  ['reason', String],
  ['lines', listOf(line)],
  ['cancelledLines', listOf(line)],
  ['total', money],
  ['amount', money],
  ['auto', (auto) => (auto === true ? 'nobody has to decide' : 'by people')],
  ['decision', String],
  ['digest', (digest) => `digest ${String(digest).slice(0, 12)}…`],
];

function detailOf(data: unknown): string {
  if (!isRecord(data)) return '';
  for (const [member, show] of DETAILS) if (data[member] !== undefined) return show(data[member]);
  return '';
}

function listOf(show: (one: Readonly<Record<string, unknown>>) => string): (value: unknown) => string {
  return (value) => (Array.isArray(value) ? value.filter(isRecord).map(show).join(', ') : '');
}

/** A line of goods, or of a journal. */
function line(one: Readonly<Record<string, unknown>>): string {
  if (one['account'] !== undefined) return `${text(one, 'side')} ${text(one, 'account')} ${money(one['amount'])}`;
  return one['sku'] === undefined ? text(one, 'qty') : `${text(one, 'qty')} × ${text(one, 'sku')}`;
}

/** Money with two digits after the point; the demo has no other currency. */
export function money(value: unknown): string {
  if (!isRecord(value)) return '';
  return `${(Number(value['amountMinor']) / 100).toFixed(2)} ${text(value, 'currency')}`;
}

function text(record: Readonly<Record<string, unknown>>, member: string): string {
  return String(record[member] ?? '?');
}
