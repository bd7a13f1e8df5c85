import type { Finding } from '../../../diagnostics/diagnostic.ts';
import { shown } from '../../../diagnostics/shown.ts';
import type { Cursor } from '../../../document/cursor.ts';
import type { ChannelView, MessageView } from '../../../read/asyncapi/events.ts';
import { keyOf } from '../../../read/extensions/key.ts';
import type { Rule } from '../../rule.ts';
import { headersWithoutEffect } from './headersWithoutEffect.ts';

export const withoutEffect: Rule = {
  code: 'ATL3023',
  title: 'part of AsyncAPI without effect',
  explain: {
    why: 'The document is valid, but Atlas does not do what this part says: it speaks Kafka without TLS, puts the id of the schema before the value, writes the headers of CloudEvents and no others, and makes the key of x-atlas-key. Other programs that follow the document may expect something else.',
    bad: 'headers: { type: object, required: [tenant], properties: { tenant: { type: string } } }',
    good: '# in the payload\n{ "name": "tenant", "type": "string" }',
  },
  *check({ workspace, events, avro }) {
    for (const { root, operations } of events.documents) {
      for (const [name, server] of root.get('servers')?.entries() ?? []) yield* ofServer(name, server);
      for (const { cursor } of operations) yield* ofOperation(cursor);
    }
    const channels = [...events.owned.values()];
    const roots = [...events.documents.map(({ root }) => root.file), ...channels.map(({ cursor }) => cursor.file)];
    for (const file of new Set(roots)) yield* ofContentType(workspace.documents.get(file)?.get('defaultContentType'));
    for (const channel of channels) {
      const { cursor, messages } = channel;
      yield* ofChannel(channel, workspace.documents.get(cursor.file)?.get('servers'));
      for (const message of messages)
        yield* ofMessage(message, channel, avro.of(message.cursor.get('payload'))?.record?.name);
    }
  },
};

function* ofServer(name: string, server: Cursor): Generator<Finding> {
  const protocol = server.get('protocol');
  if (protocol?.string() === 'kafka-secure')
    yield ignored(protocol, `server ${JSON.stringify(name)} asks for TLS, but Atlas connects without it`, NEARBY);
  else if (protocol && protocol.string() !== 'kafka')
    yield ignored(
      protocol,
      `server ${JSON.stringify(name)} speaks ${shown(protocol.value)}, but Atlas speaks Kafka only`,
      'write kafka, or remove the server',
    );
  const pathname = server.get('pathname');
  if (pathname) yield ignored(pathname, `the pathname of server ${JSON.stringify(name)} has no effect`, 'remove it');
  yield* ofSecurity(server.get('security'));
  const bindings = server.get('bindings');
  yield* ofProtocols(bindings);
  const registry = bindings?.at('kafka', 'schemaRegistryUrl');
  if (registry)
    yield ignored(
      registry,
      'schemaRegistryUrl has no effect: services read SCHEMA_REGISTRY_URL',
      'remove it, and set SCHEMA_REGISTRY_URL',
    );
  const vendor = bindings?.at('kafka', 'schemaRegistryVendor');
  if (vendor && !/confluent|karapace/i.test(vendor.string() ?? ''))
    yield ignored(
      vendor,
      `the registry is of ${shown(vendor.value)}, but Atlas speaks the API of Confluent's`,
      'check that the registry has that API, and remove schemaRegistryVendor',
    );
}

function* ofSecurity(security: Cursor | undefined): Generator<Finding> {
  for (const scheme of security?.items() ?? []) {
    const type = scheme.get('type');
    if (type && !['userPassword', 'plain'].includes(type.string() ?? ''))
      yield ignored(
        type,
        `security of type ${shown(type.value)} has no effect: Atlas logs in with SASL PLAIN`,
        'write userPassword or plain, or remove it',
      );
  }
}

function* ofOperation(operation: Cursor): Generator<Finding> {
  for (const part of [operation, ...(operation.get('traits')?.items() ?? [])]) {
    const bindings = part.get('bindings');
    yield* ofProtocols(bindings);
    yield* ofSecurity(part.get('security'));
    for (const [key, instead] of [
      ['groupId', 'the group is the name of the service'],
      ['clientId', 'the client id is the name of the service'],
    ] as const) {
      const binding = bindings?.at('kafka', key);
      if (binding) yield ignored(binding, `${key} has no effect: ${instead}`, 'remove it');
    }
  }
}

function* ofChannel({ key, cursor }: ChannelView, all: Cursor | undefined): Generator<Finding> {
  yield* ofProtocols(cursor.get('bindings'));
  const servers = cursor.get('servers');
  const some = servers?.items() ?? [];
  if (servers && some.length > 0 && some.length < (all?.entries().length ?? 0))
    yield ignored(
      servers,
      `channel ${JSON.stringify(key)} is limited to some servers, but a service has one cluster for all its channels`,
      'remove servers, or move the channel to a service of its own',
    );
}

/** The bindings of protocols other than Kafka. */
function* ofProtocols(bindings: Cursor | undefined): Generator<Finding> {
  for (const [protocol, binding] of bindings?.entries() ?? [])
    if (protocol !== 'kafka' && !protocol.startsWith('x-'))
      yield ignored(binding, `the binding of ${protocol} has no effect: Atlas speaks Kafka only`, 'remove it');
}

function* ofMessage(
  { name, cursor }: MessageView,
  channel: ChannelView,
  record: string | undefined,
): Generator<Finding> {
  for (const part of [cursor, ...(cursor.get('traits')?.items() ?? [])]) {
    yield* ofProtocols(part.get('bindings'));
    yield* ofContentType(part.get('contentType'));
    yield* headersWithoutEffect({ name, record, channel }, part.get('headers'));
    const location = part.at('correlationId', 'location');
    if (location && location.string() !== CORRELATION)
      yield ignored(
        location,
        `the correlation id of ${name} is not at ${shown(location.value)}, but in the header ce_correlationid`,
        `write ${CORRELATION}`,
      );
    const kafka = part.at('bindings', 'kafka');
    if (kafka) yield* ofKafka(name, kafka, channel);
  }
}

function* ofContentType(contentType: Cursor | undefined): Generator<Finding> {
  if (contentType && !/^application\/vnd\.apache\.avro(;|$)/.test(contentType.string() ?? ''))
    yield ignored(
      contentType,
      `the content type ${shown(contentType.value)} has no effect: values are application/vnd.apache.avro`,
      'write application/vnd.apache.avro, or remove it',
    );
}

function* ofKafka(name: string, kafka: Cursor, { cursor, foreign }: ChannelView): Generator<Finding> {
  const key = kafka.get('key');
  const type = (key?.get('schema') ?? key)?.get('type');
  if (key && foreign === undefined && !keyOf(cursor))
    yield ignored(key, `the key of ${name} has no effect: records have no key`, 'add x-atlas-key to the channel');
  else if (key && foreign === undefined && (key.get('schemaFormat') || (type && type.string() !== 'string')))
    yield ignored(
      key,
      `the key of ${name} is of type ${shown((type ?? key).value)}, but keys are plain text`,
      'write type: string',
    );
  const location = kafka.get('schemaIdLocation');
  if (location && location.string() !== 'payload')
    yield ignored(
      location,
      `the id of the schema of ${name} is not in a header, but before the value`,
      'write payload',
    );
  const encoding = kafka.get('schemaIdPayloadEncoding');
  if (encoding && !['confluent', '4'].includes(encoding.string() ?? ''))
    yield ignored(
      encoding,
      `the id of the schema of ${name} is not encoded as ${shown(encoding.value)}, but in Confluent's format`,
      'write confluent',
    );
  const strategy = kafka.get('schemaLookupStrategy');
  // A consumer finds the schema by its id, whatever the name of its subject is.
  if (strategy && foreign === undefined && !/^topic_?record/i.test(strategy.string() ?? ''))
    yield ignored(
      strategy,
      `the schema of ${name} is not looked up by ${shown(strategy.value)}, but by topic and record`,
      'write TopicRecordNameStrategy',
    );
}

function ignored(cursor: Cursor, message: string, fix: string): Finding {
  return { severity: 'warning', message, loc: cursor.loc, fix };
}

const NEARBY = 'write kafka, and let a proxy beside the service add TLS';
const CORRELATION = '$message.header#/ce_correlationid';
