import { isDeepStrictEqual } from 'node:util';
import { escapeToken, isList, isObject, type JsonObject, type JsonValue, type Message, type Service } from '@atlas/ir';
import { rootCursor } from '../document/cursor.ts';
import { parseDocument, type SourceDocument } from '../document/document.ts';
import { workspaceOf } from '../document/workspace.ts';
import { configOf } from '../load/config.ts';
import { readSpecs } from '../read/specs.ts';
import { buildSystem } from './buildSystem.ts';

export interface OfficialDocument {
  /** As the official parser gives it as JSON: references resolved, traits applied, `x-parser-*` added. */
  readonly document: JsonValue;
  /** The name of the service, because the document does not have one. */
  readonly service: string;
  /** Path of the document's file, as the headers of generated files show it. */
  readonly file: string;
  /** The `.avsc` files that define types by name: their texts by path. */
  readonly schemas: ReadonlyMap<string, string>;
}

/** What one AsyncAPI document says about a service, as far as the files of its events need it. */
export interface ServiceOfDocument {
  /**
   * The service counts as the owner even of the messages that it only reads. Lines and columns of the file are unknown.
   */
  readonly service: Service;
  /** The key of the channel of a message, in the document. */
  readonly channelOf: (message: Message) => string;
}

const CONFIG = 'atlas.config.json';
const DOCUMENT = 'asyncapi.json';

/**
 * Reads a document of the official AsyncAPI parser as `atlas` reads a file: references are put back first, so that the
 * same code reads both. Throws if `atlas check` would refuse the document.
 */
export async function serviceOfDocument({
  document,
  service: name,
  file,
  schemas,
}: OfficialDocument): Promise<ServiceOfDocument> {
  const documents = new Map([...schemas].map(([file, text]) => [file, parsed(file, text)]));
  const config = { version: 1, services: { [name]: { asyncapi: DOCUMENT } } };
  documents.set(DOCUMENT, parsed(DOCUMENT, text(withReferences(document, [...documents.values()]))));
  documents.set(CONFIG, parsed(CONFIG, text(config)));
  const root = rootCursor(documents, CONFIG);
  if (!root) throw new Error(`${CONFIG} is empty`);
  const specs = readSpecs(workspaceOf('', configOf(root), documents));
  const { system, diagnostics } = await buildSystem(specs);
  const service = system?.services[0];
  if (!system || !service?.asyncapi) {
    const [first] = [...specs.avro.findings.filter(({ severity }) => severity === 'error'), ...diagnostics];
    throw new Error(`${first?.message ?? 'the document has no service'}: run atlas check`);
  }
  const { asyncapi } = service;
  return {
    service: { ...service, asyncapi: { ...asyncapi, loc: { ...asyncapi.loc, file } } },
    channelOf: ({ topic }) => system.topics.find((known) => known.name === topic)?.channel ?? topic,
  };
}

function parsed(file: string, text: string): SourceDocument {
  const { document, problems } = parseDocument(file, text);
  const [problem] = problems;
  if (problem) throw new Error(`${file}: ${problem.message}`);
  return document;
}

/** The parts that events are made from, with references to channels, messages and schema files instead of copies. */
function withReferences(document: JsonValue, schemas: readonly SourceDocument[]): JsonValue {
  const { asyncapi, info, channels, operations } = objectOf(document);
  const schemaOf = (copy: JsonValue | undefined): JsonValue | undefined => {
    const plain: unknown = JSON.parse(text(copy ?? null));
    const schema = schemas.find(({ root }) => isDeepStrictEqual(rounded(root?.value), plain));
    return schema ? { $ref: encodeURI(schema.file).replaceAll('#', '%23') } : copy;
  };
  return {
    asyncapi,
    info,
    channels: mapMembers(channels, (channel) => ({
      ...channel,
      // Headers are left out, because their resolved schemas may contain themselves.
      messages: mapMembers(channel['messages'], ({ headers: _headers, traits: _traits, ...message }) => {
        const payload = objectOf(message['payload']);
        return { ...message, payload: { ...payload, schema: schemaOf(payload['schema']) } };
      }),
    })),
    operations: mapMembers(operations, ({ reply: _reply, traits: _traits, channel, messages, ...operation }) => {
      const ref = `#/channels/${keyOf(channels, channel)}`;
      const known = objectOf(channel)['messages'];
      return {
        ...operation,
        channel: { $ref: ref },
        ...(isList(messages)
          ? { messages: messages.map((message) => ({ $ref: `${ref}/messages/${keyOf(known, message)}` })) }
          : {}),
      };
    }),
  };
}

/** The value that the official parser makes of another one: doubles instead of exact integers. */
function rounded(value: JsonValue | undefined): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

/** The key of a member, escaped for a reference. The parser shares objects; copies of them have the same id. */
function keyOf(holder: JsonValue | undefined, member: JsonValue | undefined): string {
  const members = Object.entries(objectOf(holder));
  const id = objectOf(member)['x-parser-unique-object-id'];
  const [key] = members.find(([, value]) => value === member) ?? members.find(([name]) => name === id) ?? [];
  if (key === undefined)
    throw new Error('an operation refers to a channel or message that the document does not list: run atlas check');
  return encodeURIComponent(escapeToken(key));
}

function mapMembers(holder: JsonValue | undefined, change: (member: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(objectOf(holder)).map(([key, member]) => [key, change(objectOf(member))]));
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** JSON without the parser's own keys, which would otherwise become part of registered schemas. */
function text(value: JsonValue): string {
  return JSON.stringify(value, (key, child: unknown) => (key.startsWith('x-parser-') ? undefined : child));
}
