import type { Terms } from './order.ts';

/**
 * The terms as one text that is the same wherever it is made: members in a fixed order, whole numbers in decimal. Its
 * SHA-256 is the order's digest. Changing this changes every digest, so the text opens with the version of its form.
 */
export function canonicalTerms(terms: Terms): string {
  return JSON.stringify([
    'order/1',
    terms.orderId,
    terms.customerId,
    terms.requesterId,
    terms.currency,
    terms.taxRateBasisPoints,
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
