/** Limits of what a body can demand from its reader. Bytes may be hostile, and must lead to an error quickly. */
export const limits = {
  /** Records inside records of the same type. */
  depth: 128,
  /** Items that take no bytes, such as nulls. A few bytes could otherwise announce 2^60 of them. */
  emptyItems: 65_536,
  /** Bytes of a body after it was converted to the reader's schema. */
  resolvedBytes: 64 * 1024 * 1024,
} as const;
