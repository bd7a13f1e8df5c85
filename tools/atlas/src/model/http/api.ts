import type {
  HttpApi,
  Operation,
  Param,
  RequestBody,
  Response,
  ResponseContent,
  ResponseHeader,
  Webhook,
} from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import type { Workspace } from '../../document/workspace.ts';
import { bodyLimitOf, cacheOf, sunsetOf, timeoutOf } from '../../read/extensions/edge.ts';
import { emitsOf, operationEmits } from '../../read/extensions/emits.ts';
import {
  PROBLEM,
  headerParam,
  isHandlersParam,
  isJson,
  isPlumbingHeader,
  plumbingHeader,
  problemCodes,
  textsOf,
} from '../../read/openapi/messages.ts';
import { securityOf, type HttpView, type OperationView, type ResponseView } from '../../read/openapi/http.ts';
import { jsonOf, webhookFunctions } from '../../read/openapi/foreign.ts';
import { primitiveOf, shapeOf } from '../../read/openapi/shape.ts';
import { etagOf, isHandlersTag, tagKindsOf, type TagKinds } from '../../read/openapi/tags.ts';
import { Bundle } from './bundle.ts';
import { directed } from './directed.ts';

/** The model of a service's OpenAPI document. Operations without an id are left out; the caller reports them. */
export function httpApiOf(workspace: Workspace, view: HttpView): HttpApi {
  const bundle = new Bundle(workspace, view.root);
  const { basePath = '' } = view.service;
  const tags = tagKindsOf(view);
  const operations = view.operations.flatMap((operation) =>
    operation.id === undefined ? [] : [operationOf(operation, operation.id, bundle, tags)],
  );
  const wire = directed({ document: bundle.document, operations });
  return {
    loc: view.root.loc,
    ...(basePath === '' ? {} : { basePath }),
    title: view.root.at('info', 'title')?.string() ?? '',
    version: view.root.at('info', 'version')?.string() ?? '',
    document: bundle.document,
    wireDocument: wire.document,
    operations: wire.operations,
    webhooks: webhooksOf(view, bundle),
  };
}

/** The webhooks that a sender can send. */
export function webhooksOf(view: HttpView, bundle: Bundle): readonly Webhook[] {
  return webhookFunctions(view).flatMap((found): Webhook[] => {
    const body = 'name' in found ? found.operation.cursor.get('requestBody') : undefined;
    const json = body && jsonOf(body);
    if (!('name' in found) || !json) return [];
    const { cursor, path } = found.operation;
    const summary = cursor.get('summary')?.string();
    return [
      {
        loc: cursor.loc,
        id: found.name,
        name: path,
        ...(summary === undefined ? {} : { summary }),
        mediaType: json.mediaType,
        schema: bundle.part(json.media, 'schema', 'schema') ?? true,
      },
    ];
  });
}

function operationOf(view: OperationView, id: string, bundle: Bundle, tags: TagKinds): Operation {
  const { cursor } = view;
  const summary = cursor.get('summary')?.string();
  const description = cursor.get('description')?.string();
  const sunset = sunsetOf(cursor)?.string();
  const cache = cacheOf(cursor);
  const timeoutMs = timeoutOf(cursor);
  const body = bodyOf(view, bundle);
  const idempotency = plumbingHeader(view, 'Idempotency-Key');
  const ifMatch = ifMatchOf(view, tags);
  return {
    loc: cursor.loc,
    id,
    method: view.method,
    path: view.path,
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    deprecated: cursor.get('deprecated')?.boolean() === true,
    ...(sunset === undefined ? {} : { sunset }),
    ...(cache ? { cache } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    security: securityOf(view),
    params: paramsOf(view, bundle),
    ...(body ? { body } : {}),
    responses: responsesOf(view, bundle, tags),
    ...(idempotency ? { idempotency } : {}),
    ...(ifMatch ? { ifMatch } : {}),
  };
}

function ifMatchOf(view: OperationView, tags: TagKinds): Operation['ifMatch'] {
  const found = plumbingHeader(view, 'If-Match');
  const schema = headerParam(view, 'If-Match')?.cursor.get('schema');
  return found && { required: found.required, ...(tags(schema) === 'opaque' ? { opaque: true as const } : {}) };
}

const STYLES: readonly Param['style'][] = [
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
];

/** The parameters that a handler sees, in the order of the document. */
export function paramsOf(operation: OperationView, bundle: Bundle): readonly Param[] {
  return operation.params.flatMap((view): Param[] => {
    const where = view.in;
    if (where !== 'path' && where !== 'query' && where !== 'header') return [];
    if (where === 'header' && !isHandlersParam(view.name)) return [];
    const schema = view.cursor.get('schema');
    const shape = schema && shapeOf(schema);
    if (!shape) return [];
    const style =
      STYLES.find((name) => name === view.cursor.get('style')?.string()) ?? (where === 'query' ? 'form' : 'simple');
    return [
      {
        loc: view.cursor.loc,
        name: view.name,
        in: where,
        required: where === 'path' || view.cursor.get('required')?.boolean() === true,
        style,
        explode: view.cursor.get('explode')?.boolean() ?? style === 'form',
        ...(where === 'query' && view.cursor.get('allowEmptyValue')?.boolean() === true
          ? { allowEmpty: true as const }
          : {}),
        schema: bundle.part(view.cursor, 'schema', 'schema') ?? true,
        shape,
      },
    ];
  });
}

/** The declared responses, by status: without `default`, and without 304, which only the plumbing answers with. */
function responsesOf(operation: OperationView, bundle: Bundle, tags: TagKinds): readonly Response[] {
  const emits = new Map(operationEmits(operation).map(({ status, cursor }) => [status, emitsOf(cursor).alternatives]));
  return operation.responses
    .flatMap((view) => responseOf(operation, view, emits.get(view.status), bundle, tags))
    .toSorted((left, right) => left.status - right.status);
}

function responseOf(
  operation: OperationView,
  view: ResponseView,
  emits: Response['emits'],
  bundle: Bundle,
  tags: TagKinds,
): Response[] {
  const { status, cursor } = view;
  if (!/^[1-5]\d\d$/.test(status) || status === '304') return [];
  const headers = cursor.get('headers')?.entries() ?? [];
  const content = contentOf(operation, view, bundle);
  const codes = content.kind === 'problem' ? content.codes : [];
  const etag = etagOf(cursor);
  return [
    {
      loc: cursor.via?.loc ?? cursor.loc,
      status: Number(status),
      description: cursor.get('description')?.string() ?? '',
      content,
      etag: etag !== undefined && tags(etag.get('schema')) === 'version',
      headers: headers
        .filter(
          ([name, header]) =>
            isHandlersTag(name, header, tags) || !isPlumbingHeader(name, { status: Number(status), codes }),
        )
        .flatMap(([name, header]) => headerOf(name, header, bundle)),
      ...(status.startsWith('2') && emits ? { emits } : {}),
    },
  ];
}

/** A header with one primitive type; others cannot be written or read. */
export function headerOf(name: string, header: Cursor, bundle: Bundle): readonly ResponseHeader[] {
  const schema = header.get('schema');
  const shape = schema && primitiveOf(schema);
  if (!shape) return [];
  const required = header.get('required')?.boolean() === true;
  return [{ name, required, schema: bundle.part(header, 'schema', 'schema') ?? true, shape }];
}

function contentOf(operation: OperationView, view: ResponseView, bundle: Bundle): ResponseContent {
  const entries = view.cursor.get('content')?.entries() ?? [];
  const entry = entries.find(([mediaType]) => isJson(mediaType)) ?? entries[0];
  if (!entry) return { kind: 'empty' };
  const [mediaType, media] = entry;
  if (mediaType === PROBLEM) return { kind: 'problem', codes: problemCodes(media.get('schema')) };
  const texts = textsOf(operation, view);
  return {
    kind: 'json',
    mediaType,
    schema: bundle.part(media, 'schema', 'schema') ?? true,
    ...(texts.length > 0 ? { texts } : {}),
  };
}

/** The request body. `check` refuses bodies that are not JSON. */
export function bodyOf(operation: OperationView, bundle: Bundle): RequestBody | undefined {
  const cursor = operation.cursor.get('requestBody');
  const [entry] = (cursor?.get('content')?.entries() ?? []).filter(([mediaType]) => isJson(mediaType));
  if (!cursor || !entry) return undefined;
  const [mediaType, media] = entry;
  const limit = bodyLimitOf(operation.cursor);
  return {
    ...(limit === undefined ? {} : { limit }),
    loc: cursor.loc,
    required: cursor.get('required')?.boolean() === true,
    mediaType,
    schema: bundle.part(media, 'schema', 'schema') ?? true,
  };
}
