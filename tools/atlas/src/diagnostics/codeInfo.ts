/** What `atlas explain` knows of a code. */
export interface CodeInfo {
  /** `ATL` and four digits. */
  readonly code: string;
  /** What is wrong, in a few words. */
  readonly title: string;
  readonly explain: {
    /** Why it matters, in a sentence or two. */
    readonly why: string;
    /** The shortest text that breaks it. */
    readonly bad?: string;
    /** The same, mended. */
    readonly good?: string;
  };
}
