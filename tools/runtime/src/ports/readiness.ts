/** One part of a readiness answer, such as the database or the consumer group. */
export interface Check {
  readonly name: string;
  /** False takes the instance out of service. A note alone does not. */
  readonly ok: boolean;
  /** What is wrong and what to do about it. */
  readonly note?: string;
}
