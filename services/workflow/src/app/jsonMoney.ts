/** Amounts of events are at most 2^53 - 1, so no digit is lost. */
export function jsonMoney({ amountMinor, currency }: { readonly amountMinor: bigint; readonly currency: string }) {
  return { amountMinor: Number(amountMinor), currency };
}
