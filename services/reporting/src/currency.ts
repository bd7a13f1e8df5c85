/** ISO 4217, list one, by the number of digits that follow the decimal sign, if it is not two. */
const OTHER_DIGITS: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const DIGITS: ReadonlyMap<string, number> = new Map(
  OTHER_DIGITS.flatMap(([digits, codes]) => codes.split(' ').map((code): [string, number] => [code, digits])),
);

/**
 * Decimal digits of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD. Orders has checked the currencies of events
 * against the whole list, so any other code has 2 digits.
 */
export function minorDigits(currency: string): number {
  return DIGITS.get(currency) ?? 2;
}
