import { code, comment, ident, join, lit, PLUMBING_PROBLEMS, type Code, type JsonObject, pascal } from '@atlas/ir';
import type { HttpApi, Operation, Param, Response } from '@atlas/ir';
import { choicesOf, isTag } from '../http/handlerTypes.ts';
import { operationDoc } from '../http/operationFile.ts';

/**
 * client/index.ts: the service's REST contract for its callers, as a client by path (with openapi-fetch) and as a
 * function for each operation. Names that it declares end in `Client`, and names that it imports do not, whatever the
 * service is called.
 */
export function clientFile(service: string, { operations }: Pick<HttpApi, 'operations'>): Code {
  const names = [
    ...(operations.length > 0 ? [code`callsOf`] : []),
    code`clientOf`,
    ...(operations.some(({ method }) => method !== 'head') ? [code`type Call`] : []),
    ...(operations.length > 0 ? [code`type CallOptions`] : []),
    code`type Client`,
    code`type ClientOptions`,
    ...(operations.some(({ method }) => method === 'head') ? [code`type HeadCall`] : []),
  ];
  const types = [...(operations.length > 0 ? [code`operations`] : []), code`paths`];
  return code`
    import { ${join(names, ', ')} } from '@atlas/runtime/client';
    import type { ${join(types, ', ')} } from '../http/types.ts';

    export type { paths };

    /** A client by path, with the parameters, bodies and answers of the spec. */
    export const client = (options: ClientOptions): Client<paths> => clientOf<paths>(options);
    ${operations.length > 0 && callsPart(camel(service), operations)}
  `;
}

function callsPart(name: string, operations: readonly Operation[]): Code {
  const type = ident(`${pascal(name)}Client`);
  return code`

    /** A function for each operation. It resolves to the answer, typed by its status. A problem is an answer, too. */
    export interface ${type} {
      ${operations.flatMap((operation) => [
        comment(operationDoc(operation)),
        code`readonly ${ident(operation.id)}: ${callType(operation)};`,
      ])}
    }

    export const ${ident(`${name}Client`)} = (options: CallOptions): ${type} =>
      callsOf<${type}>(OPERATIONS, options);

    const OPERATIONS = {
      ${operations.map((operation) => code`${ident(operation.id)}: ${lit(operationData(operation))},`)}
    } as const;
  `;
}

/** An answer to HEAD has no content (RFC 9110, section 9.3.2). */
function callType({ id, method }: Operation): Code {
  return code`${ident(method === 'head' ? 'HeadCall' : 'Call')}<operations[${lit(id)}]>`;
}

/** What the runtime needs to write the request and to read the answer: the runtime's `CallContract`. */
function operationData(operation: Operation): JsonObject {
  const { method, path, params, body, idempotency, responses } = operation;
  const styles = params.filter(hasOwnStyle).map(({ name, in: where, style, explode }) => ({
    name,
    in: where,
    style,
    explode,
  }));
  const accepts = choicesOf(operation);
  const statuses = (holds: (response: Response) => boolean): readonly number[] =>
    responses.filter(holds).map(({ status }) => status);
  const lists = {
    json: statuses(({ content }) => content.kind === 'json'),
    empty: statuses(({ content }) => content.kind === 'empty'),
    problems: statuses(hasOwnProblem),
  };
  // a client finds the tag of an answer in `etag`, whether the plumbing or the handler writes it
  const headers = responses
    .map(({ status, headers }) => [status, kindsOf({ headers: headers.filter((header) => !isTag(header)) })] as const)
    .filter(([, kinds]) => Object.keys(kinds).length > 0);
  return {
    method: method.toUpperCase(),
    path,
    ...(styles.length > 0 ? { styles } : {}),
    ...(body ? { body: body.mediaType } : {}),
    ...(idempotency ? { idempotencyKey: true } : {}),
    ...(accepts.length > 0 ? { accepts } : {}),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}),
  };
}

/** Whether the style differs from the default of OpenAPI 3.1, section 4.8.12. */
export function hasOwnStyle({ in: where, style, explode }: Param): boolean {
  const form = where === 'query';
  return style !== (form ? 'form' : 'simple') || explode !== form;
}

/** Whether a response is a problem of the operation's own. The runtime already knows the problems of the plumbing. */
function hasOwnProblem({ status, content }: Response): boolean {
  if (content.kind !== 'problem') return false;
  return content.codes.length === 0 || content.codes.some((name) => PLUMBING_PROBLEMS.get(name)?.status !== status);
}

export function kindsOf({ headers }: Pick<Response, 'headers'>): JsonObject {
  return Object.fromEntries(headers.map(({ name, shape }) => [name, shape.kind]));
}

/** Turns `box-office` into `boxOffice`. */
export function camel(service: string): string {
  return service.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
