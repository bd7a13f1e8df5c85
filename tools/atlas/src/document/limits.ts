/** What one workspace may cost: specs come from anyone, and a broken or hostile one must end in a finding. */
export const limits = {
  /** Bytes of one document. */
  fileBytes: 10 * 1024 * 1024,
  /** Documents of one workspace, Avro schemas included. */
  documents: 2000,
  /** Values inside values. The standards' own documents stay below 30. */
  depth: 100,
  /** Values of one document, each alias counted as everything it stands for (a "billion laughs" has 10^9). */
  values: 1_000_000,
  /** References followed one after the other before a value is reached. */
  refChain: 50,
} as const;
