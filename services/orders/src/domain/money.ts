/** The largest amount that the contract allows: the largest whole number that JSON numbers have exactly. */
export const MAX_AMOUNT = 2n ** 53n - 1n;

/** The price of one base unit in the currency's major unit: preciseAmount / 10^fractionDigits. */
export interface UnitPrice {
  readonly preciseAmount: bigint;
  readonly fractionDigits: number;
}

/** Quantity times price, in the minor unit, rounded half up, once. `exponent` is that of the currency. */
export function netOf(qty: bigint, price: UnitPrice, exponent: number): bigint {
  return roundHalfUp(qty * price.preciseAmount * 10n ** BigInt(exponent), 10n ** BigInt(price.fractionDigits));
}

/** The tax on a net amount, rounded half up. 10,000 basis points are the whole amount. */
export function taxOn(net: bigint, basisPoints: number): bigint {
  return roundHalfUp(net * BigInt(basisPoints), 10_000n);
}

/**
 * The share of an amount for `count` of `of` equal units, rounded half up. All units together have the whole amount.
 */
export function share(amount: bigint, count: bigint, of: bigint): bigint {
  return roundHalfUp(amount * count, of);
}

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

/** Amounts here are never below zero, so half up is the same as half away from zero. */
function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}
