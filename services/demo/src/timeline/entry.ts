/** One row of a timeline. */
export interface Entry {
  readonly time: Date;
  /** The service that did it. */
  readonly service: string;
  readonly what: string;
  /** On whose behalf. */
  readonly who: string;
  readonly correlationId: string;
}
