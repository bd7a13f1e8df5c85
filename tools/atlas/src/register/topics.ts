import type { System, Topic } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { count } from '../diagnostics/shown.ts';
import type { Broker, BrokerTopic } from './broker.ts';

/** The topics to create, and findings that prevent it. */
export interface TopicPlan {
  readonly create: readonly { readonly name: string; readonly topic: Topic }[];
  readonly diagnostics: readonly Diagnostic[];
  /** Topics in the specs, without foreign ones. */
  readonly total: number;
}

/** Settings that every topic has, if its binding does not say otherwise: batches stay as the relay sends them. */
const DEFAULTS: Topic['config'] = { 'compression.type': 'producer' };

/**
 * Compares the topics of the specs with those of the broker, and asks the broker whether it would create the missing
 * ones.
 */
export async function planTopics({ topics }: System, namespace: string, broker: Broker): Promise<TopicPlan> {
  const wanted = topics
    .filter(({ kind }) => kind !== 'foreign')
    .map((topic) => ({ name: namespace + topic.name, topic: { ...topic, config: { ...DEFAULTS, ...topic.config } } }));
  const existing = await broker.topics(wanted.map(({ name }) => name));
  const create = wanted.filter(({ name }) => !existing.has(name));
  const diagnostics = wanted.flatMap(({ name, topic }) => {
    const found = existing.get(name);
    return found ? differences(name, topic, found) : [];
  });
  for (const { name, topic } of create) {
    const refusal = await broker.refusal(name, topic);
    if (refusal !== undefined)
      diagnostics.push(
        finding(
          'ATL8005',
          topic,
          `the broker refuses to create topic ${name}: ${refusal}`,
          'correct bindings.kafka of the channel, or configure the broker',
        ),
      );
  }
  return { create, diagnostics, total: wanted.length };
}

function differences(name: string, topic: Topic, found: BrokerTopic): Diagnostic[] {
  const { partitions, replicas, config } = topic;
  const list: Diagnostic[] = [];
  if (found.partitions !== partitions)
    list.push(
      finding(
        'ATL8001',
        topic,
        `topic ${name} has ${count(found.partitions, 'partition')}, but the spec says ${partitions}`,
        `write partitions: ${found.partitions}, or choose a new address`,
      ),
    );
  if (found.replicas !== replicas)
    list.push(
      finding(
        'ATL8002',
        topic,
        `topic ${name} has ${count(found.replicas, 'replica')}, but the spec says ${replicas}`,
        `write replicas: ${found.replicas}, or reassign the replicas`,
      ),
    );
  for (const [key, value] of Object.entries(config)) {
    const actual = found.config.get(key);
    if (actual === undefined || !sameSetting(actual, value))
      list.push(
        finding(
          'ATL8002',
          topic,
          `topic ${name} has ${key}=${actual ?? 'nothing'}, but the spec says ${value}`,
          `correct the spec, or alter the topic`,
        ),
      );
  }
  for (const key of found.own)
    if (config[key] === undefined)
      list.push(
        finding(
          'ATL8002',
          topic,
          `topic ${name} has ${key}=${found.config.get(key) ?? ''}, but the spec does not set it`,
          'add it to topicConfiguration, or alter the topic',
        ),
      );
  return list;
}

/** `compact,delete` is the same as `delete,compact`. */
function sameSetting(left: string, right: string): boolean {
  const parts = (text: string): string =>
    text
      .split(',')
      .map((part) => part.trim())
      .toSorted()
      .join(',');
  return left === right || parts(left) === parts(right);
}

function finding(code: string, { loc }: Topic, message: string, fix: string): Diagnostic {
  return { code, severity: 'error', message, loc, fix };
}
