import { schemaKinds } from '../../jsonschema/keywords.ts';

/** The kinds of objects in an AsyncAPI document. `…*` is a map of a kind by the author's names; `data` is anything. */
const CHILDREN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  document: {
    servers: 'server*',
    channels: 'channel*',
    operations: 'operation*',
    components: 'components',
    info: 'info',
  },
  components: {
    servers: 'server*',
    channels: 'channel*',
    operations: 'operation*',
    messages: 'message*',
    schemas: 'schema*',
    messageTraits: 'messageTrait*',
    operationTraits: 'operationTrait*',
    parameters: 'parameter*',
    correlationIds: 'correlationId*',
    replies: 'reply*',
    replyAddresses: 'replyAddress*',
    securitySchemes: 'securityScheme*',
    serverVariables: 'serverVariable*',
    externalDocs: 'externalDocs*',
    tags: 'tag*',
    serverBindings: 'serverBindings*',
    channelBindings: 'channelBindings*',
    operationBindings: 'operationBindings*',
    messageBindings: 'messageBindings*',
  },
  info: { tags: 'tag', externalDocs: 'externalDocs' },
  server: {
    variables: 'serverVariable*',
    security: 'securityScheme',
    tags: 'tag',
    externalDocs: 'externalDocs',
    bindings: 'serverBindings',
  },
  channel: {
    messages: 'message*',
    parameters: 'parameter*',
    servers: 'server',
    tags: 'tag',
    externalDocs: 'externalDocs',
    bindings: 'channelBindings',
  },
  operation: {
    channel: 'channel',
    messages: 'message',
    traits: 'operationTrait',
    reply: 'reply',
    security: 'securityScheme',
    tags: 'tag',
    externalDocs: 'externalDocs',
    bindings: 'operationBindings',
  },
  operationTrait: {
    security: 'securityScheme',
    tags: 'tag',
    externalDocs: 'externalDocs',
    bindings: 'operationBindings',
  },
  message: {
    headers: 'schema',
    payload: 'schema',
    traits: 'messageTrait',
    correlationId: 'correlationId',
    tags: 'tag',
    externalDocs: 'externalDocs',
    bindings: 'messageBindings',
  },
  messageTrait: {
    headers: 'schema',
    correlationId: 'correlationId',
    tags: 'tag',
    externalDocs: 'externalDocs',
    bindings: 'messageBindings',
  },
  reply: { address: 'replyAddress', channel: 'channel', messages: 'message' },
  schema: schemaKinds('draft-07'),
};

/** The kind of a member of an object. The items of a list have the kind of the list. */
export function asyncapiChildKind(kind: string, key: string | number): string {
  if (typeof key === 'number') return kind;
  if (kind.endsWith('*')) return key.startsWith('x-') && kind !== 'schema*' ? 'data' : kind.slice(0, -1);
  const children = Object.hasOwn(CHILDREN, kind) ? CHILDREN[kind] : undefined;
  return children && Object.hasOwn(children, key) ? (children[key] ?? 'data') : 'data';
}
