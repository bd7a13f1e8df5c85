/** One row of a timeline. */
export interface Entry {
  readonly time: Date;
  /** Who did it. */
  readonly service: string;
  readonly what: string;
  readonly correlationId: string;
}
