import type { HttpApi, Operation, Response, ResponseContent, StatusRange } from '@atlas/ir';
import type { Workspace } from '../../document/workspace.ts';
import { clientFunctions, isProblemType, jsonOf } from '../../read/openapi/foreign.ts';
import type { HttpView, OperationView, ResponseView } from '../../read/openapi/http.ts';
import { plumbingHeader } from '../../read/openapi/messages.ts';
import { headerOf, paramsOf, webhooksOf } from './api.ts';
import { Bundle } from './bundle.ts';
import { directed } from './directed.ts';

/**
 * The model of a document that others own: the operations that a client can call, with every possible answer. A problem
 * is JSON with a schema, because others do not use the problems of the plumbing.
 */
export function foreignApiOf(workspace: Workspace, view: HttpView): HttpApi<StatusRange> {
  const bundle = new Bundle(workspace, view.root);
  const operations = clientFunctions(view).flatMap((found) =>
    'name' in found ? [operationOf(found.operation, found.name, bundle)] : [],
  );
  const wire = directed({ document: bundle.document, operations });
  return {
    loc: view.root.loc,
    title: view.root.at('info', 'title')?.string() ?? '',
    version: view.root.at('info', 'version')?.string() ?? '',
    document: bundle.document,
    wireDocument: wire.document,
    operations: wire.operations,
    webhooks: webhooksOf(view, bundle),
  };
}

function operationOf(view: OperationView, id: string, bundle: Bundle): Operation<StatusRange> {
  const { cursor } = view;
  const summary = cursor.get('summary')?.string();
  const idempotency = plumbingHeader(view, 'Idempotency-Key');
  const ifMatch = plumbingHeader(view, 'If-Match');
  const body = cursor.get('requestBody');
  const json = body && jsonOf(body);
  return {
    loc: cursor.loc,
    id,
    ...(view.id === undefined || view.id === id ? {} : { spelled: view.id }),
    method: view.method,
    path: view.path,
    ...(summary === undefined ? {} : { summary }),
    deprecated: cursor.get('deprecated')?.boolean() === true,
    security: [],
    params: paramsOf(view, bundle),
    ...(body && json
      ? {
          body: {
            loc: body.loc,
            required: body.get('required')?.boolean() === true,
            mediaType: json.mediaType,
            schema: bundle.part(json.media, 'schema', 'schema') ?? true,
          },
        }
      : {}),
    responses: view.responses.flatMap((response) => responseOf(view, response, bundle)),
    ...(idempotency ? { idempotency } : {}),
    ...(ifMatch ? { ifMatch } : {}),
  };
}

function responseOf(
  { method }: OperationView,
  { status, cursor }: ResponseView,
  bundle: Bundle,
): readonly Response<StatusRange>[] {
  if (!/^([1-5]\d\d|[1-5]XX|default)$/.test(status)) return [];
  return [
    {
      loc: cursor.via?.loc ?? cursor.loc,
      status: /^\d+$/.test(status) ? Number(status) : status,
      description: cursor.get('description')?.string() ?? '',
      content: method === 'head' ? { kind: 'empty' } : contentOf(cursor, bundle),
      etag: false,
      headers: (cursor.get('headers')?.entries() ?? [])
        .filter(([name]) => name.toLowerCase() !== 'content-type')
        .flatMap(([name, header]) => headerOf(name, header, bundle)),
    },
  ];
}

/** Content that is not JSON is not read: `check` refuses it in a success, and the status of an error is enough. */
function contentOf(cursor: ResponseView['cursor'], bundle: Bundle): ResponseContent {
  const json = jsonOf(cursor, isProblemType) ?? jsonOf(cursor);
  if (!json) return { kind: 'empty' };
  const { mediaType, media } = json;
  return { kind: 'json', mediaType, schema: bundle.part(media, 'schema', 'schema') ?? true };
}
