/** What one schema may hold: it becomes types, functions and one text for the registry. */
export const avroLimits = {
  /** Types inside types, as written. */
  depth: 48,
  /** Fields, branches and symbols together. */
  members: 5000,
  /** Bytes of a fixed. */
  fixedSize: 1024 * 1024,
  /** Digits of a decimal. */
  precision: 1000,
} as const;
