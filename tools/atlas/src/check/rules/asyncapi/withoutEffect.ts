import { EVENT_HEADERS } from '@atlas/ir';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import { shown } from '../../../diagnostics/shown.ts';
import type { Cursor } from '../../../document/cursor.ts';
import { type ChannelView, identityOf, type MessageView } from '../../../read/asyncapi/events.ts';
import type { Rule } from '../../rule.ts';

export const withoutEffect: Rule = {
  code: 'ATL3023',
  title: 'part of AsyncAPI without effect',
  explain: {
    why: 'The document is valid, but Atlas does not do what this part says: it speaks Kafka without TLS, puts the id of the schema before the value, writes the headers of CloudEvents and no others, and makes the key of x-atlas-key. Other programs that follow the document may expect something else.',
    bad: 'headers: { type: object, required: [tenant], properties: { tenant: { type: string } } }',
    good: '# in the payload\n{ "name": "tenant", "type": "string" }',
  },
  *check({ events }) {
    for (const { root, operations } of events.documents) {
      for (const [name, server] of root.get('servers')?.entries() ?? []) yield* ofServer(name, server);
      yield* ofContentType(root.get('defaultContentType'));
      for (const { cursor } of operations) yield* ofOperation(cursor);
    }
    for (const channel of events.owned.values()) {
      yield* ofProtocols(channel.cursor.get('bindings'));
      for (const message of channel.messages) yield* ofMessage(message, channel);
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
      ['groupId', 'the group of a service has its name'],
      ['clientId', 'the client has the name of its service'],
    ] as const) {
      const binding = bindings?.at('kafka', key);
      if (binding) yield ignored(binding, `${key} has no effect: ${instead}`, 'remove it');
    }
  }
}

/** The bindings of protocols other than Kafka. */
function* ofProtocols(bindings: Cursor | undefined): Generator<Finding> {
  for (const [protocol, binding] of bindings?.entries() ?? [])
    if (protocol !== 'kafka' && !protocol.startsWith('x-'))
      yield ignored(binding, `the binding of ${protocol} has no effect: Atlas speaks Kafka only`, 'remove it');
}

function* ofMessage({ name, cursor }: MessageView, channel: ChannelView): Generator<Finding> {
  for (const part of [cursor, ...(cursor.get('traits')?.items() ?? [])]) {
    yield* ofProtocols(part.get('bindings'));
    yield* ofContentType(part.get('contentType'));
    yield* ofHeaders(name, part.get('headers'), channel);
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

function* ofHeaders(name: string, headers: Cursor | undefined, { foreign }: ChannelView): Generator<Finding> {
  for (const [header, loc] of headerNames(headers?.get('schema') ?? headers))
    if (!EVENT_HEADERS.has(header))
      yield {
        severity: 'warning',
        message: `header ${JSON.stringify(header)} of ${name} has no effect: ${
          foreign === undefined ? 'Atlas does not write it' : 'handlers do not get it'
        }`,
        loc,
        fix: foreign === undefined ? 'make it a field of the payload' : 'ask its owner for a field of the payload',
      };
}

/** The headers that a schema and the parts of its `allOf` name, each at its first place. */
function headerNames(schema: Cursor | undefined): ReadonlyMap<string, Finding['loc']> {
  const names = new Map<string, Finding['loc']>();
  const seen = new Set<string>();
  const stack = schema ? [schema] : [];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (seen.has(identityOf(next))) continue;
    seen.add(identityOf(next));
    const properties = next.get('properties')?.entries() ?? [];
    const required = next.get('required')?.items() ?? [];
    const found = [
      ...properties.map(([name, { loc }]) => [name, loc] as const),
      ...required.map((item) => [item.string() ?? '', item.valueLoc] as const),
    ];
    for (const [name, loc] of found) if (name !== '' && !names.has(name)) names.set(name, loc);
    stack.push(...(next.get('allOf')?.items() ?? []).toReversed());
  }
  return names;
}

function* ofKafka(name: string, kafka: Cursor, { cursor, foreign }: ChannelView): Generator<Finding> {
  const key = kafka.get('key');
  const type = key?.get('type')?.string();
  if (key && foreign === undefined && !cursor.get('x-atlas-key'))
    yield ignored(key, `the key of ${name} has no effect: records have no key`, 'add x-atlas-key to the channel');
  else if (key && foreign === undefined && type !== undefined && type !== 'string')
    yield ignored(key, `the key of ${name} is of type ${type}, but keys are text`, 'write type: string');
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
  if (strategy && !/^topic_?record/i.test(strategy.string() ?? ''))
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
