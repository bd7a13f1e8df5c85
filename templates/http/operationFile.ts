import {
  type Code,
  type Operation,
  type Param,
  type Response,
  type StatusRange,
  code,
  comment,
  ident,
  join,
  lit,
  member,
  type Service,
} from '@atlas/ir';
import { emitsLiteral, emittedNames, followUpImports, followUpsOf, type FollowUps } from '../emits.ts';
import { eventName } from '../names.ts';
import { inputType, isHandlers, isPlainProblem, isSigned, isTag, reads, resultType } from './handlerTypes.ts';

/**
 * http/<operation>.ts: the types that a handler is written against, and the operation as data. References in the
 * operation's schemas refer to the document from which types.ts is made.
 */
export function operationFile(operation: Operation, service: Pick<Service, 'timers' | 'effects'>): Code {
  const follows = followUpsOf(service);
  const input = inputType(operation);
  const result = resultType(operation, follows);
  const contract = operationContract(operation);
  const session = reads(operation) ? code`read: Read` : code`tx: Tx`;
  const body = [
    input,
    result,
    code`
      ${comment(operationDoc(operation))}
      export type Handler = (input: Input, ${session}) => Promise<Result>;
    `,
    contract,
  ];
  return code`
    ${imports(operation, follows, join(body, '\n').text)}

    ${join(body, '\n\n')}
  `;
}

/** An operation in one sentence, and where it is. */
export function operationDoc({ summary, method, path }: Pick<Operation, 'summary' | 'method' | 'path'>): string {
  const route = `${method.toUpperCase()} ${path}`;
  const text = summary?.trim() ?? '';
  if (text === '') return route;
  return `${text}${/[.!?:]$/.test(text) ? '' : '.'} ${route}`;
}

function imports(operation: Operation, follows: FollowUps, text: string): readonly Code[] {
  const handlers = operation.responses.filter(isHandlers);
  const events = [...new Set(handlers.flatMap(({ emits }) => emittedNames(emits ?? [])))].toSorted();
  const problems = handlers.filter(({ content }) => content.kind === 'problem');
  const runtime = [
    ...(reads(operation) ? [] : ['Ctx']),
    ...(handlers.some(({ headers }) => headers.some(isTag)) ? ['EntityTag'] : []),
    ...(operation.ifMatch?.opaque ? ['IfMatch'] : []),
    'OperationContract',
    ...(problems.some(isPlainProblem) ? ['Problem'] : []),
    ...(problems.every(isPlainProblem) ? [] : ['ProblemOf']),
    ...(reads(operation) ? ['Read', 'ReadCtx'] : ['Tx']),
    ...(isSigned(operation) ? ['Webhook'] : []),
  ];
  const types = ['components', 'operations'].filter((name) => text.includes(`${name}[`));
  return [
    code`import type { ${join(runtime.map(ident), ', ')} } from '@atlas/runtime';`,
    ...events.map((name) => code`import type { ${eventName(name)} } from ${lit(`../events/${name}.ts`)};`),
    ...(reads(operation) || !handlers.some(({ status }) => status < 400) ? [] : followUpImports(follows, 'http')),
    ...(text.includes('serializers.') ? [code`import * as serializers from './compiled/serializers.js';`] : []),
    ...(text.includes('validators.') ? [code`import * as validators from './compiled/validators.js';`] : []),
    ...(types.length > 0 ? [code`import type { ${join(types.map(ident), ', ')} } from './types.ts';`] : []),
  ];
}

/** The operation as data. The HTTP plumbing makes a route from it. */
function operationContract(operation: Operation): Code {
  const { id, method, path, security, params, body, idempotency, ifMatch, responses, deprecated, sunset } = operation;
  const plain = responses.filter(isPlainProblem);
  return code`
    export const ${ident(id)}: OperationContract = {
      id: ${lit(id)},
      method: ${lit(method.toUpperCase())},
      url: ${lit(routeOf(path))},
      path: ${lit(path)},
      security: ${lit(security.map(({ scheme, roles, webhook }) => ({ scheme, roles, ...(webhook ? { webhook } : {}) })))},
      params: [${join(params.map(paramContract), ', ')}],
      ${params.length > 0 && code`validateParams: validators${member(partName.params(id))},`}
      ${body && code`body: { required: ${lit(body.required)}, mediaType: ${lit(body.mediaType)}, validate: validators${member(partName.body(id))}${body.limit === undefined ? code`` : code`, limit: ${body.limit}`} },`}
      ${idempotency && code`idempotency: { required: ${lit(idempotency.required)} },`}
      ${ifMatch && code`ifMatch: ${lit(ifMatch)},`}
      responses: {
        ${responses
          .filter((response) => !isPlainProblem(response))
          .map((response) => code`${response.status}: ${responseContract(id, response)},`)}
      },
      ${plain.length > 0 && code`problems: ${lit(plain.map(({ status }) => status))},`}
      ${deprecated && code`deprecated: { ${sunset === undefined ? code`` : code`sunset: ${lit(sunset)}`} },`}
    };
  `;
}

/** The path for the router, in which a colon starts a parameter and two colons mean one colon. */
function routeOf(path: string): string {
  return path.replaceAll(':', '::').replaceAll(/\{([^{}]*)\}/g, ':$1');
}

function paramContract({ name, in: where, required, style, explode, allowEmpty, shape }: Param): Code {
  return lit({ name, in: where, required, style, explode, ...(allowEmpty ? { allowEmpty } : {}), shape });
}

function responseContract(id: string, { status, content, etag, headers, emits }: Response): Code {
  const parts: (Code | undefined)[] = [
    code`kind: ${lit(content.kind)}`,
    content.kind === 'json' ? code`mediaType: ${lit(content.mediaType)}` : undefined,
    content.kind === 'json' && content.texts ? code`texts: ${lit(content.texts)}` : undefined,
    etag ? code`etag: true` : undefined,
    headers.length > 0 ? code`headers: ${lit(headers.map(({ name }) => name))}` : undefined,
    headers.length > 0 ? code`validateHeaders: validators${member(partName.headers(id, status))}` : undefined,
    content.kind === 'json' ? code`validate: validators${member(partName.response(id, status))}` : undefined,
    content.kind === 'json' ? code`serialize: serializers${member(partName.response(id, status))}` : undefined,
    emits ? code`emits: ${emitsLiteral(emits)}` : undefined,
  ];
  return code`{ ${join(
    parts.filter((part) => part !== undefined),
    ', ',
  )} }`;
}

/** Names of an operation's compiled parts: the members of compiled/validators.js and compiled/serializers.js. */
export const partName = {
  params: (operation: string): string => `${operation}Params`,
  body: (operation: string): string => `${operation}Body`,
  response: (operation: string, status: StatusRange): string => `${operation}${status}`,
  headers: (operation: string, status: StatusRange): string => `${operation}${status}Headers`,
  webhook: (id: string): string => `${id}Webhook`,
};
