/** Limits of one workspace: specs may be broken or hostile, and must end in a finding rather than in a crash. */
export const limits = {
  /** Bytes of one document. GitHub's description, the largest that is known here, has 13 MB. */
  fileBytes: 16 * 1024 * 1024,
  /** Documents of one workspace, Avro schemas included. */
  documents: 2000,
  /** How deep values may be nested. The standards' own documents have fewer than 30 levels. */
  depth: 100,
  /** Values of one document. An alias counts as everything that it repeats ("billion laughs" has 10^9 values). */
  values: 1_000_000,
  /** Words of a YAML document that are not values: comments, blank lines, anchors, tags, and text in wrong places. */
  fillers: 300_000,
  /** Lines of all texts of a YAML document together. */
  textLines: 1_000_000,
  /** References from one to the next until a value is reached. */
  refChain: 50,
} as const;

/** The limits that depend on the purpose of reading. */
export type Bounds = Readonly<Record<'fileBytes' | 'depth', number>>;

/** For documents that are only compared: people may write deeply nested ones by hand. */
export const comparedLimits: Bounds = { fileBytes: 64 * 1024 * 1024, depth: 500 };
