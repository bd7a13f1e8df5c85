import { PATH_ITEM_METHODS } from '@atlas/ir';
import { schemaKinds } from '../../jsonschema/keywords.ts';

/**
 * The kinds of objects in an OpenAPI document. `…*` is a map of a kind by the author's names, of which `paths*` and
 * `responses*` may have extensions as well; `data` is anything.
 */
export type Kind =
  | 'document'
  | 'components'
  | 'path'
  | 'operation'
  | 'parameter'
  | 'response'
  | 'header'
  | 'body'
  | 'media'
  | 'encoding'
  | 'example'
  | 'link'
  | 'callback'
  | 'scheme'
  | 'schema'
  | 'discriminator'
  | 'data'
  | 'path*'
  | 'paths*'
  | 'parameter*'
  | 'response*'
  | 'responses*'
  | 'header*'
  | 'body*'
  | 'media*'
  | 'encoding*'
  | 'example*'
  | 'link*'
  | 'callback*'
  | 'scheme*'
  | 'schema*'
  | 'mapping*';

const PATH_ITEM: Readonly<Record<string, Kind>> = {
  parameters: 'parameter',
  ...Object.fromEntries(PATH_ITEM_METHODS.map((method) => [method, 'operation'])),
};
const VALUE: Readonly<Record<string, Kind>> = {
  schema: 'schema',
  examples: 'example*',
  content: 'media*',
};

const CHILDREN: ReadonlyMap<Kind, Readonly<Record<string, Kind>>> = new Map<Kind, Readonly<Record<string, Kind>>>([
  ['document', { paths: 'paths*', webhooks: 'path*', components: 'components' }],
  [
    'components',
    {
      schemas: 'schema*',
      responses: 'response*',
      parameters: 'parameter*',
      examples: 'example*',
      requestBodies: 'body*',
      headers: 'header*',
      securitySchemes: 'scheme*',
      links: 'link*',
      callbacks: 'callback*',
      pathItems: 'path*',
    },
  ],
  ['path', PATH_ITEM],
  ['operation', { parameters: 'parameter', requestBody: 'body', responses: 'responses*', callbacks: 'callback*' }],
  ['parameter', VALUE],
  ['header', VALUE],
  ['response', { headers: 'header*', content: 'media*', links: 'link*' }],
  ['body', { content: 'media*' }],
  ['media', { schema: 'schema', examples: 'example*', encoding: 'encoding*' }],
  ['encoding', { headers: 'header*' }],
  ['discriminator', { mapping: 'mapping*' }],
  ['schema', { ...schemaKinds('2020-12'), discriminator: 'discriminator' }],
]);

const ELEMENT: ReadonlyMap<Kind, Kind> = new Map<Kind, Kind>([
  ['path*', 'path'],
  ['paths*', 'path'],
  ['parameter*', 'parameter'],
  ['response*', 'response'],
  ['responses*', 'response'],
  ['header*', 'header'],
  ['body*', 'body'],
  ['media*', 'media'],
  ['encoding*', 'encoding'],
  ['example*', 'example'],
  ['link*', 'link'],
  ['callback*', 'callback'],
  ['scheme*', 'scheme'],
  ['schema*', 'schema'],
  ['callback', 'path'],
]);

/** The kinds in which a key that starts with `x-` is an extension. In other maps it is a name (OpenAPI 3.1, 4.8.7). */
const EXTENSIBLE: ReadonlySet<Kind> = new Set<Kind>(['paths*', 'responses*', 'callback']);

/** The kind of a member of an object. The items of a list have the kind of the list. */
export function childKind(kind: Kind, key: string | number): Kind {
  if (typeof key === 'number') return kind;
  const element = ELEMENT.get(kind);
  if (element) return key.startsWith('x-') && EXTENSIBLE.has(kind) ? 'data' : element;
  const children = CHILDREN.get(kind);
  return children && Object.hasOwn(children, key) ? (children[key] ?? 'data') : 'data';
}

/** `childKind` for callers that also handle kinds of other standards: members of an unknown kind are data. */
export function openapiChildKind(kind: string, key: string | number): string {
  return isKind(kind) ? childKind(kind, key) : 'data';
}

const KINDS: ReadonlySet<string> = new Set([
  'data',
  'mapping*',
  ...CHILDREN.keys(),
  ...ELEMENT.keys(),
  ...ELEMENT.values(),
]);

function isKind(kind: string): kind is Kind {
  return KINDS.has(kind);
}

const SECTIONS: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  ['schema', 'schemas'],
  ['parameter', 'parameters'],
  ['response', 'responses'],
  ['header', 'headers'],
  ['body', 'requestBodies'],
  ['example', 'examples'],
  ['link', 'links'],
  ['callback', 'callbacks'],
  ['scheme', 'securitySchemes'],
]);

/** The section of components that has parts of a kind. */
export function sectionOf(kind: Kind): string | undefined {
  return SECTIONS.get(kind);
}
