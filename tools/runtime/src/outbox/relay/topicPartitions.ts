import { sendRefusalOf, type KafkaPort } from '../../ports/kafka.ts';
import type { Trouble } from './state.ts';

/** How many partitions topics have. Asked once per topic: if a topic grew, its keys would move to other partitions. */
export class TopicPartitions {
  readonly #kafka: KafkaPort;
  readonly #counts = new Map<string, number>();

  constructor(kafka: KafkaPort) {
    this.#kafka = kafka;
  }

  /** The number if it is known without asking. */
  known(topic: string): number | undefined {
    return this.#counts.get(topic);
  }

  /** Asks the broker if the number is not known. Says what is wrong if the topic can't be written. */
  async find(topic: string): Promise<number | Trouble> {
    const known = this.#counts.get(topic);
    if (known !== undefined) return known;
    try {
      const count = (await this.#kafka.partitions([topic])).get(topic);
      if (count === undefined || count === 0) return notWritable(topic, 'it has no partitions');
      this.#counts.set(topic, count);
      return count;
    } catch (error) {
      const refusal = sendRefusalOf(error);
      if (refusal && !refusal.retriable) return notWritable(topic, refusal.reason);
      return { reason: error instanceof Error ? error.message : String(error), lasting: false };
    }
  }
}

function notWritable(topic: string, reason: string): Trouble {
  return {
    reason: `${topic} can't be written: ${reason}; run \`atlas register\`, or give this user the right to write it`,
    lasting: true,
  };
}
