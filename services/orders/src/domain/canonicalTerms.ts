import type { Terms } from './order.ts';

/**
 * The terms as one text, the same on every machine: members in a fixed sequence, whole numbers in decimal. Its SHA-256
 * is the digest of the order. The text begins with the version of its form, because a change of the form changes every
 * digest. Digests of version 1, which has no payment terms, are in the database and in events.
 */
export function canonicalTerms(terms: Terms): string {
  return JSON.stringify([
    'order/2',
    terms.orderId,
    terms.customerId,
    terms.requesterId,
    terms.currency,
    terms.taxRateBasisPoints,
    terms.payment,
    terms.lines.map((line) => [
      line.lineId,
      line.sku,
      String(line.qty),
      String(line.unitPrice.preciseAmount),
      line.unitPrice.fractionDigits,
      line.warehouseId ?? null,
      String(line.net),
      String(line.tax),
    ]),
    String(terms.total),
  ]);
}
