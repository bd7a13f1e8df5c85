/** One thing that readiness looks at. */
export interface Check {
  readonly name: string;
  /** False takes the instance out of service; a note alone only says something. */
  readonly ok: boolean;
  /** A sentence: what is wrong and what to do about it. */
  readonly note?: string;
}
