/** What a body may ask of a reader: bytes come from anyone, and hostile ones must end in an error, soon. */
export const limits = {
  /** Records inside records of the same kind. */
  depth: 128,
  /** Items that take no bytes, such as nulls: a few bytes could announce 2^60 of them. */
  emptyItems: 65_536,
  /** Bytes of a body after it was brought to the reader's schema. */
  resolvedBytes: 64 * 1024 * 1024,
} as const;
