/** The place in the specs that a part of the model comes from. */
export interface Loc {
  /** Path relative to the folder of atlas.config.yaml, with forward slashes. */
  readonly file: string;
  /** The line, starting at 1. */
  readonly line: number;
  /** The column, starting at 1, in UTF-16 code units. */
  readonly column: number;
  /** JSON Pointer (RFC 6901) inside `file`; '' is the whole document. */
  readonly pointer: string;
}
