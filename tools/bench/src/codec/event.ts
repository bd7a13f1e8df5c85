/** An event with five lines in two forms: as handlers give it, and with numbers as longs, as avsc and JSON need it. */
export function orderPlacedEvent(): { readonly ours: unknown; readonly numbers: unknown } {
  const make = (long: (value: number) => unknown): unknown => ({
    orderId: '019a1d2c-7f10-7c31-9a40-5d1f2b3c4d5e',
    customerId: '019a1d2c-7f11-7b02-8c41-0a1b2c3d4e5f',
    requesterId: 'auth|7f3a9c2e41',
    lines: Array.from({ length: 5 }, (_, index) => ({
      lineId: `019a1d2c-7f12-7a03-8d42-00000000000${index}`,
      sku: `WIDGET-${1000 + index}`,
      qty: long(3 * (index + 1)),
      warehouseId: index % 2 === 0 ? null : '019a1d2c-7f13-7d04-8e43-6f7a8b9c0d1e',
    })),
    total: { amountMinor: long(1_249_900), currency: 'EUR' },
    digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    placedAt: long(1_790_000_000_123_456),
  });
  return { ours: make(BigInt), numbers: make((value) => value) };
}
