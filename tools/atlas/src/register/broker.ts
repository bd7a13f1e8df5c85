import { setTimeout as after } from 'node:timers/promises';
import type { Topic } from '@atlas/ir';
import type { Admin, ConfigResourceTypes, KafkaConfig } from 'kafkajs';
import { UsageError } from '../diagnostics/usageError.ts';
import type { RegisterEnvironment } from './environment.ts';

/** A topic of the broker. */
export interface BrokerTopic {
  readonly partitions: number;
  readonly replicas: number;
  /** Effective values of all settings. */
  readonly config: ReadonlyMap<string, string>;
  /** Settings of the topic itself, not inherited from the broker. */
  readonly own: ReadonlySet<string>;
}

/** Access to Kafka for registering. Errors say which broker failed, and what to do. */
export class Broker {
  readonly #admin: Admin;
  readonly #topicType: ConfigResourceTypes;
  readonly #where: string;

  private constructor(admin: Admin, topicType: ConfigResourceTypes, where: string) {
    this.#admin = admin;
    this.#topicType = topicType;
    this.#where = where;
  }

  /** Connects, or throws `UsageError` after a few seconds. */
  static async connect({ brokers, sasl }: RegisterEnvironment): Promise<Broker> {
    const { default: kafkajs } = await import('kafkajs');
    const config: KafkaConfig = {
      clientId: 'atlas-register',
      brokers: [...brokers],
      connectionTimeout: 3000,
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { initialRetryTime: 200, retries: 3 },
      ...(sasl ? { sasl: { mechanism: 'plain' as const, ...sasl } } : {}),
    };
    const broker = new Broker(new kafkajs.Kafka(config).admin(), kafkajs.ConfigResourceTypes.TOPIC, brokers.join(', '));
    try {
      await broker.#ask(broker.#admin.connect());
      return broker;
    } catch (error) {
      await broker.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#admin.disconnect();
  }

  /** The topics that exist, by name. */
  async topics(names: readonly string[]): Promise<ReadonlyMap<string, BrokerTopic>> {
    const all = new Set(await this.#ask(this.#admin.listTopics()));
    const existing = names.filter((name) => all.has(name));
    if (existing.length === 0) return new Map();
    const { topics } = await this.#ask(this.#admin.fetchTopicMetadata({ topics: existing }));
    const { resources } = await this.#ask(
      this.#admin.describeConfigs({
        includeSynonyms: false,
        resources: existing.map((name) => ({ type: this.#topicType, name })),
      }),
    );
    return new Map(
      topics.map(({ name, partitions }) => {
        const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
        return [
          name,
          {
            partitions: partitions.length,
            replicas: Math.max(0, ...partitions.map(({ replicas }) => replicas.length)),
            config: new Map(entries.map(({ configName, configValue }) => [configName, configValue])),
            own: new Set(
              entries.filter(({ configSource }) => configSource === OWN).map(({ configName }) => configName),
            ),
          },
        ];
      }),
    );
  }

  /** Why the broker would refuse to create the topic; undefined if it would create it. */
  async refusal(name: string, topic: Topic): Promise<string | undefined> {
    return this.#create(name, topic, true);
  }

  async create(name: string, topic: Topic): Promise<string | undefined> {
    return this.#create(name, topic, false);
  }

  async #create(
    name: string,
    { partitions, replicas, config }: Topic,
    validateOnly: boolean,
  ): Promise<string | undefined> {
    try {
      await this.#admin.createTopics({
        validateOnly,
        waitForLeaders: false,
        topics: [
          {
            topic: name,
            numPartitions: partitions,
            replicationFactor: replicas,
            configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
          },
        ],
      });
      if (!validateOnly) await this.#untilKnown(name);
      return undefined;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw this.#failure(error);
      return refusal;
    }
  }

  /** Waits until the broker knows the topic. The wait of kafkajs itself fails if a busy broker does not know it yet. */
  async #untilKnown(name: string): Promise<void> {
    const deadline = performance.now() + KNOWN_MS;
    for (;;) {
      try {
        await this.#admin.fetchTopicMetadata({ topics: [name] });
        return;
      } catch (error) {
        if (performance.now() > deadline || !isTooEarly(error)) throw error;
        await after(100);
      }
    }
  }

  async #ask<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): UsageError {
    const message = messageOf(error);
    const fix = /sasl|auth/i.test(message)
      ? 'check KAFKA_USERNAME, KAFKA_PASSWORD and the rights of the user'
      : 'check that it runs and that KAFKA_BROKERS is right';
    return new UsageError(`Kafka at ${this.#where} failed: ${message}; ${fix}`);
  }
}

/** How long a broker may need to learn about a topic from its controller, in milliseconds. */
const KNOWN_MS = 30_000;

function isTooEarly(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const type = 'type' in error ? error.type : undefined;
  return type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'LEADER_NOT_AVAILABLE' || isTooEarly(error.cause);
}

/** The ConfigSource of Kafka's protocol for a setting of the topic itself. */
const OWN = 1;

/** The message of an error. If creating topics fails, the error contains one error per topic, which says why. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  const messages = new Set(inner.flatMap((each: unknown) => (each instanceof Error ? each.message : [])));
  return messages.size === 0 ? error.message : [...messages].join('; ');
}

/** Kafka's message if it refuses a topic; undefined for errors of the connection or of the user's rights. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) return undefined;
  const [first]: readonly unknown[] = error.errors;
  if (!(first instanceof Error) || !('type' in first)) return undefined;
  const refused = [
    'INVALID_REPLICATION_FACTOR',
    'INVALID_CONFIG',
    'INVALID_PARTITIONS',
    'INVALID_TOPIC_EXCEPTION',
    'POLICY_VIOLATION',
  ];
  return refused.includes(String(first.type)) ? first.message : undefined;
}
