import type { IncomingBatch } from '../ports/kafka.ts';

/**
 * The group's session ends after 15 s without a heartbeat. The Kafka client sends fewer heartbeats than it is asked
 * for.
 */
const EVERY_MS = 1_000;

/** Sends heartbeats while a batch is consumed, also while a handler runs, so that the member stays in its group. */
export class Pulse {
  readonly #timer: NodeJS.Timeout;
  #failure: { readonly error: unknown } | undefined;

  constructor(batch: Pick<IncomingBatch, 'heartbeat'>) {
    this.#timer = setInterval(() => {
      batch.heartbeat().catch((error: unknown) => {
        this.#failure ??= { error };
      });
    }, EVERY_MS);
  }

  /**
   * Throws the error of a failed heartbeat, which makes the Kafka client join again. Call it when no record is being
   * consumed.
   */
  check(): void {
    if (this.#failure) throw this.#failure.error;
  }

  failed(): boolean {
    return this.#failure !== undefined;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
