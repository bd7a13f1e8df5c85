import type { HttpApi, Operation } from '@atlas/ir';
import { plumbingHeader } from '../../read/openapi/headers.ts';
import { securityOf, type HttpView, type OperationView } from '../../read/openapi/http.ts';
import type { Workspace } from '../../document/workspace.ts';
import { Bundle } from './bundle.ts';
import { directed } from './directed.ts';
import { paramsOf } from './params.ts';
import { bodyOf, responsesOf } from './responses.ts';

/** The model of a service's OpenAPI document. Operations without an id are left out; the caller reports them. */
export function httpApiOf(workspace: Workspace, view: HttpView): HttpApi {
  const bundle = new Bundle(workspace, view.root);
  const operations = view.operations.flatMap((operation) =>
    operation.id === undefined ? [] : [operationOf(operation, operation.id, bundle)],
  );
  const wire = directed({ document: bundle.document, operations });
  return {
    loc: view.root.loc,
    title: view.root.at('info', 'title')?.string() ?? '',
    version: view.root.at('info', 'version')?.string() ?? '',
    document: bundle.document,
    wireDocument: wire.document,
    operations: wire.operations,
  };
}

function operationOf(view: OperationView, id: string, bundle: Bundle): Operation {
  const { cursor } = view;
  const summary = cursor.get('summary')?.string();
  const description = cursor.get('description')?.string();
  const sunset = cursor.get('x-atlas-sunset')?.string();
  const body = bodyOf(view, bundle);
  const idempotency = plumbingHeader(view, 'Idempotency-Key');
  const ifMatch = plumbingHeader(view, 'If-Match');
  return {
    loc: cursor.loc,
    id,
    method: view.method,
    path: view.path,
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    deprecated: cursor.get('deprecated')?.boolean() === true,
    ...(sunset === undefined ? {} : { sunset }),
    security: securityOf(view),
    params: paramsOf(view, bundle),
    ...(body ? { body } : {}),
    responses: responsesOf(view, bundle),
    ...(idempotency ? { idempotency } : {}),
    ...(ifMatch ? { ifMatch } : {}),
  };
}
