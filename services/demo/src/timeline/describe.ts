import type { SeenEvent } from '../topics/eventOf.ts';
import type { Entry } from './entry.ts';

/** An event as a row: its name and the interesting part of its payload. */
export function entryOf(event: SeenEvent): Entry {
  const { time, source, correlationId } = event;
  return { time, service: source, what: `${event.name}${detailOf(event.data)}`, correlationId };
}

function detailOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  if ('shortages' in data && Array.isArray(data.shortages)) return `: ${data.shortages.map(shortage).join(', ')}`;
  if ('lines' in data && Array.isArray(data.lines)) return `: ${data.lines.map(line).join(', ')}`;
  if ('reason' in data) return `: ${String(data.reason)}`;
  if ('orderVersion' in data) return `: version ${String(data.orderVersion)} awaits approval`;
  return '';
}

function line(value: unknown): string {
  return isOf(value, 'sku', 'qty') ? `${String(value.qty)} × ${String(value.sku)}` : '?';
}

function shortage(value: unknown): string {
  return isOf(value, 'sku', 'wanted', 'available')
    ? `wants ${String(value.wanted)} × ${String(value.sku)}, ${String(value.available)} free`
    : '?';
}

function isOf<Name extends string>(value: unknown, ...names: readonly Name[]): value is Record<Name, unknown> {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}
