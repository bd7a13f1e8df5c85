import type { Cursor } from '../../document/cursor.ts';
import { camelCase, isCamelCase } from '../../document/names.ts';
import { isWebhookScheme, schemesOf, type HttpView, type OperationView } from './http.ts';
import { isHandlersParam, PROBLEM } from './messages.ts';
import { shapeOf } from './shape.ts';

/** Why an operation of an outside system gets no client function, or a webhook no sender. */
export interface Unusable {
  readonly why: string;
  readonly fix: string;
  readonly at: Cursor;
}

/** An operation or a webhook, with the name of the function that is generated for it, or why there is none. */
export type FunctionView =
  | { readonly operation: OperationView; readonly name: string }
  | { readonly operation: OperationView; readonly unusable: Unusable };

const COPY = 'change it in your copy of the document';

/**
 * The operations of a document that others own, which need not follow Atlas's rules. Operations that a client cannot
 * call are marked, so that the others get their functions.
 */
export function clientFunctions({ operations }: HttpView): readonly FunctionView[] {
  return withNames(operations, COPY, ({ id = '' }) => camelCase(id), requestFault);
}

/** The webhooks of a document that a sender can send. */
export function webhookFunctions(view: HttpView): readonly FunctionView[] {
  return withNames(
    view.webhooks,
    'write an operationId in camelCase',
    ({ id, path }) => (id !== undefined && isCamelCase(id) ? id : camelCase(path)),
    (webhook) => webhookFault(webhook, view),
  );
}

function withNames(
  operations: readonly OperationView[],
  fix: string,
  nameOf: (operation: OperationView) => string | undefined,
  faultOf: (operation: OperationView) => Unusable | undefined,
): readonly FunctionView[] {
  const taken = new Map<string, OperationView>();
  return operations.map((operation): FunctionView => {
    const name = nameOf(operation);
    const at = operation.cursor.get('operationId') ?? operation.cursor;
    if (name === undefined) {
      const why = operation.id === undefined ? 'has no operationId' : 'has an operationId that cannot be a name';
      return { operation, unusable: { why, fix, at } };
    }
    const other = taken.get(name.toLowerCase());
    if (other) return { operation, unusable: { why: `has the name of ${other.label}`, fix, at } };
    taken.set(name.toLowerCase(), operation);
    const unusable = faultOf(operation);
    return unusable ? { operation, unusable } : { operation, name };
  });
}

function requestFault(operation: OperationView): Unusable | undefined {
  for (const { cursor, name, in: where } of operation.params) {
    if (where !== 'path' && cursor.get('required')?.boolean() !== true) continue;
    if (where === 'header' && !isHandlersParam(name)) continue;
    const what = `needs the parameter ${JSON.stringify(name)}, which`;
    if (where === 'cookie') return { why: `${what} is a cookie`, fix: COPY, at: cursor };
    const schema = cursor.get('schema');
    if (!schema || !shapeOf(schema))
      return { why: `${what} is neither a primitive, nor a list or object of primitives`, fix: COPY, at: cursor };
  }
  return bodyFault(operation) ?? answerFault(operation);
}

function bodyFault({ cursor }: OperationView): Unusable | undefined {
  const body = cursor.get('requestBody');
  if (!body || jsonOf(body)) return undefined;
  return { why: 'has a request body that is not JSON', fix: COPY, at: body };
}

function answerFault({ responses }: OperationView): Unusable | undefined {
  const success = responses.find(
    ({ status, cursor }) => status.startsWith('2') && hasContent(cursor) && jsonOf(cursor) === undefined,
  );
  if (!success) return undefined;
  return { why: `answers ${success.status} with a body that is not JSON`, fix: COPY, at: success.cursor };
}

function webhookFault(webhook: OperationView, view: HttpView): Unusable | undefined {
  const { cursor, method } = webhook;
  if (method !== 'post') return { why: `is sent by ${method.toUpperCase()}`, fix: 'use post', at: cursor };
  const body = cursor.get('requestBody');
  if (!body || !jsonOf(body)?.media.get('schema'))
    return {
      why: 'has no JSON body with a schema',
      fix: 'add requestBody.content.application/json with a schema',
      at: body ?? cursor,
    };
  const schemes = schemesOf(view);
  const lists = (cursor.get('security') ?? view.root.get('security'))?.items() ?? [];
  const used = lists.flatMap((alternative) => alternative.entries().map(([name]) => schemes.get(name)));
  if (used.length > 0 && used.every((scheme) => scheme && isWebhookScheme(scheme))) return undefined;
  return {
    why: 'is not signed by Standard Webhooks',
    fix: 'add security with a scheme { type: apiKey, in: header, name: webhook-signature }',
    at: cursor.get('security') ?? cursor,
  };
}

/**
 * The first JSON content of a body or response, with its media type as written. Others' documents may have parameters
 * in a media type.
 */
export function jsonOf(
  holder: Cursor,
  isWanted: (mediaType: string) => boolean = () => true,
): { readonly mediaType: string; readonly media: Cursor } | undefined {
  const entries = holder.get('content')?.entries() ?? [];
  const entry = entries.find(([mediaType]) => JSON_TYPE.test(mediaType) && isWanted(mediaType));
  return entry && { mediaType: entry[0], media: entry[1] };
}

const JSON_TYPE = /^(application\/json|[a-z]+\/[a-z0-9.!#$&^_-]+\+json)\s*(;.*)?$/i;

function hasContent(holder: Cursor): boolean {
  return (holder.get('content')?.entries() ?? []).length > 0;
}

/** Whether a media type, which may have parameters, is that of a problem (RFC 9457). */
export function isProblemType(mediaType: string): boolean {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase() === PROBLEM;
}
