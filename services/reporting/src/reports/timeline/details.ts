import { FOR_TRADERS } from '../access.ts';
import { decimalOf } from '../money.ts';
import { short } from './sentences.ts';
import { recordsOf, type Payload } from './event.ts';

/** The most details that the contract allows. */
const MAX_DETAILS = 30;
const MAX_TEXT = 1_000;
const CURRENCY = /^[A-Z]{3}$/;

/** Members that repeat the entry itself. */
const SAID: ReadonlySet<string> = new Set(['orderId', 'lines', 'comment', 'requesterId', 'actorId', 'onBehalfOf']);

/**
 * The content of an event besides its sentence, by the names of its members: texts, numbers, instants and amounts.
 * Somebody who is not a trader sees neither amounts nor customers.
 */
export function detailsOf(data: Payload, trader: boolean): Readonly<Record<string, string>> {
  const details = Object.entries(data)
    .filter(([name]) => !SAID.has(name))
    .filter(([name]) => trader || !FOR_TRADERS.event.some((hidden) => hidden === name))
    .flatMap(([name, value]): [string, string][] => {
      const money = moneyOf(name, value, data);
      if (money !== undefined) return trader ? [[name, money]] : [];
      if (name === 'currency') return [];
      const text = scalarOf(name, value);
      return text === undefined ? [] : [[name, text]];
    });
  const goods = recordsOf(data, 'lines').filter(({ sku }) => typeof sku === 'string');
  if (goods.length > 0)
    details.push(['lines', goods.map(({ qty, sku }) => `${String(qty)} × ${String(sku)}`).join(', ')]);
  return Object.fromEntries(details.slice(0, MAX_DETAILS).map(([name, text]) => [name, short(text, MAX_TEXT)]));
}

/** An amount: a record of money, or `amountMinor` beside a currency. Undefined for anything else. */
function moneyOf(name: string, value: unknown, data: Payload): string | undefined {
  if (name === 'amountMinor') return amountOf(value, data['currency']) ?? scalarOf(name, value);
  if (typeof value !== 'object' || value === null || !('amountMinor' in value) || !('currency' in value))
    return undefined;
  return amountOf(value.amountMinor, value.currency) ?? '';
}

function amountOf(amountMinor: unknown, currency: unknown): string | undefined {
  if (typeof currency !== 'string' || !CURRENCY.test(currency) || !/^-?\d+$/.test(String(amountMinor)))
    return undefined;
  return `${decimalOf(BigInt(String(amountMinor)), currency)} ${currency}`;
}

function scalarOf(name: string, value: unknown): string | undefined {
  if (typeof value === 'number' && name.endsWith('At')) return instantOf(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** Events count instants in microseconds. */
function instantOf(micros: number): string {
  const instant = new Date(micros / 1_000);
  return Number.isNaN(instant.getTime()) ? String(micros) : instant.toISOString();
}
