/** What the contract of Money allows. */
const MOST = 2n ** 53n - 1n;

/** An amount that is to be added up, as Money allows it: one event cannot make a sum too large for the database. */
export function addable(amountMinor: bigint): bigint {
  if (amountMinor > MOST) return MOST;
  return amountMinor < -MOST ? -MOST : amountMinor;
}
