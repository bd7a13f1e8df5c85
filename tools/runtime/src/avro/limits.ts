/** Limits of the work that a body can cause. Hostile bytes must lead to an error quickly. */
export const limits = {
  /** Records inside records of the same type. */
  depth: 128,
  /**
   * Values that take no bytes: items of lists, such as nulls, and those inside records that have many. Without the
   * limit, a few bytes could announce 2^60 of them.
   */
  emptyItems: 65_536,
  /**
   * Bytes of a body after it was converted to the reader: `bytes`, and `perByte` more per byte that was written.
   * Defaults of the reader add bytes, even to records that take none as written.
   */
  resolved: { bytes: 4 * 1024 * 1024, perByte: 16 },
  /** Values that one default makes, including those of left-out fields. The toolkit has the same limit. */
  defaultValues: 65_536,
} as const;
