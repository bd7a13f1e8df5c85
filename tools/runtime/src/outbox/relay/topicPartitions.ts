import type { Trouble } from './state.ts';
import { sendRefusalOf, type KafkaPort } from '../../ports/kafka.ts';

/** How many partitions topics have; asked once per topic, for a topic that grows would place its keys elsewhere. */
export class Places {
  readonly #kafka: KafkaPort;
  readonly #counts = new Map<string, number>();

  constructor(kafka: KafkaPort) {
    this.#kafka = kafka;
  }

  known(topic: string): number | undefined {
    return this.#counts.get(topic);
  }

  /** Asks for the topic where it is not known, or says why it can't be written. */
  async find(topic: string): Promise<number | Trouble> {
    const known = this.#counts.get(topic);
    if (known !== undefined) return known;
    try {
      const count = (await this.#kafka.partitions([topic])).get(topic);
      if (count === undefined || count === 0) return missing(topic, 'it has no partitions');
      this.#counts.set(topic, count);
      return count;
    } catch (error) {
      const refusal = sendRefusalOf(error);
      if (refusal && !refusal.retriable) return missing(topic, refusal.reason);
      return { reason: error instanceof Error ? error.message : String(error), lasting: false };
    }
  }
}

function missing(topic: string, reason: string): Trouble {
  return { reason: `${topic} can't be written: ${reason}; run \`atlas register\`, or grant the right`, lasting: true };
}
