import { code, ident, join, lit, member, type Code, type Operation, type Param, type Response } from '@atlas/ir';
import { emitsLiteral } from '../emits.ts';

/** The operation as data. The HTTP plumbing makes a route from it. */
export function operationContract(operation: Operation): Code {
  const { id, method, path, security, params, body, idempotency, ifMatch, responses, deprecated, sunset } = operation;
  const plain = responses.filter(isPlainProblem);
  return code`
    export const ${ident(id)}: OperationContract = {
      id: ${lit(id)},
      method: ${lit(method.toUpperCase())},
      url: ${lit(path.replaceAll(/\{([^{}]*)\}/g, ':$1'))},
      path: ${lit(path)},
      security: ${lit(security.map(({ scheme, roles }) => ({ scheme, roles })))},
      params: [${join(params.map(paramContract), ', ')}],
      ${params.length > 0 && code`validateParams: validators${member(partName.params(id))},`}
      ${body && code`body: { required: ${lit(body.required)}, mediaType: ${lit(body.mediaType)}, validate: validators${member(partName.body(id))} },`}
      ${idempotency && code`idempotency: { required: ${lit(idempotency.required)} },`}
      ${ifMatch && code`ifMatch: { required: ${lit(ifMatch.required)} },`}
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

/** A problem without headers from the handler: its status says all. */
export function isPlainProblem({ content, etag, headers, emits }: Response): boolean {
  return content.kind === 'problem' && !etag && headers.length === 0 && !emits;
}

function paramContract({ name, in: where, required, style, explode, shape }: Param): Code {
  return lit({ name, in: where, required, style, explode, shape });
}

function responseContract(id: string, { status, content, etag, headers, emits }: Response): Code {
  const parts: (Code | undefined)[] = [
    code`kind: ${lit(content.kind)}`,
    content.kind === 'json' ? code`mediaType: ${lit(content.mediaType)}` : undefined,
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
  response: (operation: string, status: number): string => `${operation}${status}`,
  headers: (operation: string, status: number): string => `${operation}${status}Headers`,
};
