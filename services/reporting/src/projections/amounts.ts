/** The largest amount that the contract allows for Money. */
const MOST = 2n ** 53n - 1n;

/**
 * An amount for a sum, limited to what Money allows, so that one event cannot make a sum too large for the database.
 */
export function addable(amountMinor: bigint): bigint {
  if (amountMinor > MOST) return MOST;
  return amountMinor < -MOST ? -MOST : amountMinor;
}
