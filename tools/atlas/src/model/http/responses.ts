import type { RequestBody, Response, ResponseContent, ResponseHeader } from '@atlas/ir';
import { emitsOf, operationEmits } from '../../read/extensions/emits.ts';
import { isPlumbingHeader } from '../../read/openapi/headers.ts';
import { isJson, PROBLEM, problemCodes } from '../../read/openapi/media.ts';
import type { OperationView, ResponseView } from '../../read/openapi/http.ts';
import { primitiveOf } from '../../read/openapi/shape.ts';
import type { Bundle } from './bundle.ts';

/** The declared responses, by status: without `default`, and without 304, which only the plumbing answers with. */
export function responsesOf(operation: OperationView, bundle: Bundle): readonly Response[] {
  const emits = new Map(operationEmits(operation).map(({ status, cursor }) => [status, emitsOf(cursor).alternatives]));
  return operation.responses
    .flatMap((view) => responseOf(view, emits.get(view.status), bundle))
    .toSorted((left, right) => left.status - right.status);
}

function responseOf(view: ResponseView, emits: Response['emits'], bundle: Bundle): Response[] {
  const { status, cursor } = view;
  if (!/^[1-5]\d\d$/.test(status) || status === '304') return [];
  const headers = cursor.get('headers')?.entries() ?? [];
  const content = contentOf(view, bundle);
  const codes = content.kind === 'problem' ? content.codes : [];
  return [
    {
      loc: cursor.via?.loc ?? cursor.loc,
      status: Number(status),
      description: cursor.get('description')?.string() ?? '',
      content,
      etag: headers.some(([name]) => name.toLowerCase() === 'etag'),
      headers: headers.flatMap(([name, header]): ResponseHeader[] => {
        const schema = header.get('schema');
        const shape = schema && primitiveOf(schema);
        if (isPlumbingHeader(name, { status: Number(status), codes }) || !shape) return [];
        return [
          {
            name,
            required: header.get('required')?.boolean() === true,
            schema: bundle.part(header, 'schema', 'schema') ?? true,
            shape,
          },
        ];
      }),
      ...(status.startsWith('2') && emits ? { emits } : {}),
    },
  ];
}

function contentOf({ cursor }: ResponseView, bundle: Bundle): ResponseContent {
  const [entry] = cursor.get('content')?.entries() ?? [];
  if (!entry) return { kind: 'empty' };
  const [mediaType, media] = entry;
  if (mediaType === PROBLEM) return { kind: 'problem', codes: problemCodes(media.get('schema')) };
  return { kind: 'json', mediaType, schema: bundle.part(media, 'schema', 'schema') ?? true };
}

/** The request body. `check` refuses bodies that are not JSON. */
export function bodyOf(operation: OperationView, bundle: Bundle): RequestBody | undefined {
  const cursor = operation.cursor.get('requestBody');
  const [entry] = (cursor?.get('content')?.entries() ?? []).filter(([mediaType]) => isJson(mediaType));
  if (!cursor || !entry) return undefined;
  const [mediaType, media] = entry;
  return {
    loc: cursor.loc,
    required: cursor.get('required')?.boolean() === true,
    mediaType,
    schema: bundle.part(media, 'schema', 'schema') ?? true,
  };
}
