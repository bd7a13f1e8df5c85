import {
  code,
  handlerCodes,
  isSafe,
  join,
  lit,
  propertyKey,
  type Code,
  type Operation,
  type Response,
} from '@atlas/ir';
import { eventsType } from '../emits.ts';
import { isPlainProblem } from './operationContract.ts';
import { bodyType, primitiveType } from './schemaType.ts';

/** `Result`: one member for each status that the handler may answer with. */
export function resultType(operation: Operation): Code {
  const members = operation.responses.filter(isHandlers).map((response) => memberType(operation, response));
  return code`
    /** What the handler may answer: the statuses, bodies and events of the spec, and no others. */
    export type Result =
      ${
        members.length === 0
          ? code`never`
          : join(
              members.map((member) => code`| ${member}`),
              '\n',
            )
      };
  `;
}

function memberType(operation: Operation, response: Response): Code {
  const { status, content, etag, headers } = response;
  if (content.kind === 'problem' && isPlainProblem(response))
    return code`Problem<${status}, ${codesType(content.codes)}>`;
  const parts: (Code | undefined)[] = [
    code`readonly status: ${status}`,
    content.kind === 'json' ? code`readonly body: ${bodyOf(operation, response)}` : undefined,
    content.kind === 'problem' ? code`readonly problem: ProblemOf<${codesType(content.codes)}>` : undefined,
    etag ? code`readonly version: bigint` : undefined,
    headers.length > 0
      ? code`readonly headers${headers.some(({ required }) => required) ? code`` : code`?`}: ${headersType(response)}`
      : undefined,
    content.kind === 'empty' ? code`readonly body?: never` : undefined,
    reads(operation) ? code`readonly events?: never` : eventsOf(response),
  ];
  return code`{ ${join(
    parts.filter((part) => part !== undefined),
    '; ',
  )} }`;
}

function bodyOf({ id }: Operation, { status, content }: Response): Code {
  if (content.kind !== 'json') return code`never`;
  return bodyType(
    content.schema,
    code`operations[${lit(id)}]['responses'][${status}]['content'][${lit(content.mediaType)}]`,
  );
}

function codesType(codes: readonly string[]): Code {
  return codes.length === 0
    ? code`string`
    : join(
        handlerCodes(codes).map((name) => lit(name)),
        ' | ',
      );
}

function headersType({ headers }: Response): Code {
  const members = headers.map(
    (header) =>
      code`readonly ${propertyKey(header.name)}${header.required ? code`` : code`?`}: ${primitiveType(header)}`,
  );
  return code`{ ${join(members, '; ')} }`;
}

function eventsOf({ emits }: Response): Code {
  if (!emits) return code`readonly events?: never`;
  return emits.every((tuple) => tuple.length === 0)
    ? code`readonly events?: readonly []`
    : code`readonly events: ${eventsType(emits)}`;
}

/** Operations of safe methods get a reading session and send no events. */
export function reads({ method }: Operation): boolean {
  return isSafe(method);
}

/** What a handler may answer with: not the statuses of authentication, preconditions and failures. */
export function isHandlers({ status, content }: Response): boolean {
  if (status === 401 || status === 428 || status >= 500) return false;
  return content.kind !== 'problem' || content.codes.length === 0 || handlerCodes(content.codes).length > 0;
}
