import { exponentOf } from '@atlas/runtime/currency';

/** Decimal digits of the minor unit. Services have checked the currencies of events, so any other code has 2. */
export function minorDigits(currency: string): number {
  return exponentOf(currency) ?? 2;
}

/** An amount of minor units as a decimal number without the currency: `12.50`, `-0.05`, `12` for JPY. */
export function decimalOf(amountMinor: number | bigint, currency: string): string {
  const digits = minorDigits(currency);
  const units = BigInt(amountMinor);
  const text = String(units < 0n ? -units : units).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${units < 0n ? '-' : ''}${whole}${digits === 0 ? '' : `.${text.slice(-digits)}`}`;
}
