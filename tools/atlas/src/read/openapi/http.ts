import { HTTP_METHODS, type HttpMethod, type SecurityAlternative } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import type { ServiceConfig, Workspace } from '../../document/workspace.ts';

/** The parts of one service's OpenAPI document that the rules and the model need. */
export interface HttpView {
  readonly service: ServiceConfig;
  readonly root: Cursor;
  /** Sorted by path as written, then in document order. */
  readonly operations: readonly OperationView[];
  /** In document order. The name of the webhook is its path. */
  readonly webhooks: readonly OperationView[];
}

export interface OperationView {
  readonly service: ServiceConfig;
  readonly root: Cursor;
  readonly method: HttpMethod;
  readonly path: string;
  readonly cursor: Cursor;
  readonly id: string | undefined;
  /** `POST /v1/bookings`, for messages. */
  readonly label: string;
  /** The parameters of the path and of the operation. If two have the same name and `in`, the operation's. */
  readonly params: readonly ParamView[];
  readonly responses: readonly ResponseView[];
}

export interface ParamView {
  readonly cursor: Cursor;
  readonly name: string;
  readonly in: string;
}

export interface ResponseView {
  /** As written: `200`, `2XX`, `default`. */
  readonly status: string;
  readonly cursor: Cursor;
}

/** The OpenAPI documents of all services, in the order of the configuration. */
export function httpViews(workspace: Workspace): readonly HttpView[] {
  return workspace.config.services.flatMap((service) => {
    const root = rootOf(workspace, service.openapi);
    return root ? [viewOf(service, root)] : [];
  });
}

/** The OpenAPI documents of outside systems, each once, in the order of the configuration. */
export function foreignViews(workspace: Workspace): readonly HttpView[] {
  const { services, doubles } = workspace.config;
  const documents = [...services.flatMap(({ clients }) => clients), ...doubles];
  const first = new Map(documents.toReversed().map((one) => [one.document, one]));
  return [...new Set(documents.map(({ document }) => document))].flatMap((file) => {
    const root = rootOf(workspace, file);
    const { name = '', loc } = first.get(file) ?? {};
    return root && loc ? [viewOf({ name, loc, openapi: file, clients: [] }, root)] : [];
  });
}

function viewOf(service: ServiceConfig, root: Cursor): HttpView {
  return { service, root, operations: operationsOf(service, root), webhooks: webhooksOf(service, root) };
}

/** The document at a configured path. */
export function rootOf(workspace: Workspace, file: string | undefined): Cursor | undefined {
  return file === undefined ? undefined : workspace.documents.get(configuredFile(file));
}

/** A configured path, such as `./openapi/x.yaml`, as a key of `documents`. */
export function configuredFile(file: string): string {
  const parts: string[] = [];
  for (const part of file.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function operationsOf(service: ServiceConfig, root: Cursor): readonly OperationView[] {
  const paths = (root.get('paths')?.entries() ?? []).filter(([path]) => path.startsWith('/'));
  return paths
    .toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .flatMap(([path, item]) => methodsOf(service, root, path, item));
}

function webhooksOf(service: ServiceConfig, root: Cursor): readonly OperationView[] {
  return (root.get('webhooks')?.entries() ?? []).flatMap(([name, item]) =>
    methodsOf(service, root, name, item).map((view) => ({ ...view, label: `webhook ${name}` })),
  );
}

function methodsOf(service: ServiceConfig, root: Cursor, path: string, item: Cursor): readonly OperationView[] {
  return item.entries().flatMap(([key, cursor]) => {
    const method = HTTP_METHODS.find((name) => name === key);
    return method ? [operationOf(service, root, path, item, method, cursor)] : [];
  });
}

function operationOf(
  service: ServiceConfig,
  root: Cursor,
  path: string,
  item: Cursor,
  method: HttpMethod,
  cursor: Cursor,
): OperationView {
  const params = new Map<string, ParamView>();
  for (const param of [...(item.get('parameters')?.items() ?? []), ...(cursor.get('parameters')?.items() ?? [])]) {
    const name = param.get('name')?.string();
    const where = param.get('in')?.string();
    if (name !== undefined && where !== undefined) params.set(`${where} ${name}`, { cursor: param, name, in: where });
  }
  const responses = (cursor.get('responses')?.entries() ?? []).filter(([status]) => !status.startsWith('x-'));
  return {
    service,
    root,
    method,
    path,
    cursor,
    id: cursor.get('operationId')?.string(),
    label: `${method.toUpperCase()} ${path}`,
    params: [...params.values()],
    responses: responses.map(([status, response]) => ({ status, cursor: response })),
  };
}

/** The names in braces of a path template, in order, with repetitions. */
export function templateNames(path: string): readonly string[] {
  return [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '');
}

/** The operation's own `security`, or the document's if it has none. */
export function securityOf(view: OperationView): readonly SecurityAlternative[] {
  const list = view.cursor.get('security') ?? view.root.get('security');
  const schemes = schemesOf(view);
  return (list?.items() ?? []).flatMap((alternative) =>
    alternative.entries().map(([name, roles]) => {
      const scheme = schemes.get(name);
      return {
        scheme: name,
        roles: roles.items().flatMap((role) => role.string() ?? []),
        ...(scheme && isWebhookScheme(scheme) ? { webhook: true as const } : {}),
      };
    }),
  );
}

/** Every `security` list of a document: the document's own and the operations'. */
export function securityLists(view: HttpView): readonly Cursor[] {
  const own = view.root.get('security');
  const lists = view.operations.flatMap(({ cursor }) => cursor.get('security') ?? []);
  return own ? [own, ...lists] : lists;
}

/** All roles that an alternative of security needs, of all of its schemes. */
export function rolesOf(alternative: Cursor): readonly string[] {
  return alternative.entries().flatMap(([, roles]) => roles.items().flatMap((role) => role.string() ?? []));
}

/** The security schemes that a document declares, by name. */
export function schemesOf({ root }: Pick<HttpView, 'root'>): ReadonlyMap<string, Cursor> {
  return new Map(root.at('components', 'securitySchemes')?.entries() ?? []);
}

/** The header of a signature, as Standard Webhooks names it: its security scheme is an API key in this header. */
const SIGNATURE_HEADER = 'webhook-signature';

/** Whether a security scheme means that the request is signed by Standard Webhooks. */
export function isWebhookScheme(scheme: Cursor): boolean {
  return (
    scheme.get('type')?.string() === 'apiKey' &&
    scheme.get('in')?.string() === 'header' &&
    scheme.get('name')?.string()?.toLowerCase() === SIGNATURE_HEADER
  );
}
