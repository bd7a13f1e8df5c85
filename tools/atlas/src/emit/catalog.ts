import type { EmitTuple, JsonValue, Message, Service, System, Topic } from '@atlas/ir';

/** catalog.json: the whole system as data, for tools that read no specs. */
export function catalog(system: System): string {
  return `${JSON.stringify(
    {
      version: 1,
      services: system.services.map(serviceEntry),
      topics: system.topics.map((topic) => topicEntry(topic, system)),
      messages: everyMessage(system.services).map(messageEntry),
    },
    null,
    2,
  )}\n`;
}

/** What the services send, and what they read from foreign topics. */
function everyMessage(services: readonly Service[]): readonly Message[] {
  const sent = services.flatMap(({ sends }) => sends);
  const read = services.flatMap(({ receives }) => receives.map(({ message }) => message));
  return [...new Set([...sent, ...read])];
}

function serviceEntry(service: Service): JsonValue {
  return {
    name: service.name,
    ...(service.owner === undefined ? {} : { owner: service.owner }),
    operations: (service.http?.operations ?? []).map((operation) => ({
      id: operation.id,
      method: operation.method.toUpperCase(),
      path: operation.path,
      ...(operation.summary === undefined ? {} : { summary: operation.summary }),
      // a signed request has no token
      roles: operation.security.filter(({ webhook }) => webhook !== true).map(({ roles }) => roles),
      ...(operation.security.some(({ webhook }) => webhook === true)
        ? { webhook: operation.security.map(({ scheme }) => scheme).join() }
        : {}),
      emits: Object.fromEntries(
        operation.responses.flatMap(({ status, emits }) => (emits ? [[String(status), names(emits)]] : [])),
      ),
    })),
    ...(service.clients.length === 0 ? {} : { clients: service.clients.map(({ name }) => name) }),
    sends: service.sends.map(({ name }) => name),
    receives: service.receives.map(({ handler, batch, message, emits }) => ({
      handler,
      ...(batch ? { batch: batch.max } : {}),
      message: message.name,
      owner: message.owner,
      topic: message.topic,
      emits: names(emits),
    })),
    ...(service.timers.length === 0
      ? {}
      : { timers: service.timers.map(({ name, emits }) => ({ name, emits: names(emits) })) }),
    ...(service.effects.length === 0
      ? {}
      : {
          effects: service.effects.map(({ name, timeoutMs, emits }) => ({ name, timeoutMs, emits: names(emits) })),
        }),
    ...(service.dlqTopic === undefined ? {} : { dlqTopic: service.dlqTopic }),
  };
}

function topicEntry(topic: Topic, { services }: System): JsonValue {
  const messages = everyMessage(services).filter((message) => message.topic === topic.name);
  const readers = services.filter(({ receives }) => receives.some(({ message }) => message.topic === topic.name));
  const key = messages.find((message) => message.key)?.key;
  return {
    name: topic.name,
    kind: topic.kind,
    owner: topic.owner,
    ...(topic.description === undefined ? {} : { description: topic.description }),
    ...(key
      ? { key: key.parts.map((part) => (part.kind === 'text' ? part.text : `{${part.path.join('.')}}`)).join('') }
      : {}),
    partitions: topic.partitions,
    replicas: topic.replicas,
    config: { ...topic.config },
    messages: messages.map(({ name }) => name),
    readers: readers.map(({ name }) => name),
  };
}

function messageEntry({ name, owner, recordName, topic, subject, fingerprint }: Message): JsonValue {
  return { name, owner, recordName, topic, subject, fingerprint };
}

function names(alternatives: readonly EmitTuple[]): string[][] {
  return alternatives.map((tuple) => tuple.map(({ message, many }) => (many ? `${message}*` : message)));
}
