/** Limits of what a body can demand from its reader. Bytes may be hostile, and must lead to an error quickly. */
export const limits = {
  /** Records inside records of the same type. */
  depth: 128,
  /**
   * Values that take no bytes: items of lists, such as nulls, and those inside records that have many. A few bytes
   * could otherwise mean 2^60 of them.
   */
  emptyItems: 65_536,
  /**
   * Bytes of a body after it was converted to the reader's schema: so many, and so many more per byte that was written.
   * Defaults of the reader add bytes, even to records that were written in none.
   */
  resolved: { bytes: 4 * 1024 * 1024, perByte: 16 },
  /** Values that one default makes, those of left-out fields included. The toolkit has the same limit. */
  defaultValues: 65_536,
} as const;
