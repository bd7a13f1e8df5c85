import {
  type Code,
  type JsonValue,
  type Operation,
  handlerCodes,
  type Param,
  type Response,
  type ResponseHeader,
  code,
  ident,
  isObject,
  isSafe,
  join,
  lit,
  propertyKey,
  unescapeToken,
} from '@atlas/ir';
import { eventsType, followUpMembers, type FollowUps } from '../emits.ts';

/** `Input`, and `Body` if there is one. A parameter with a default is never absent: the validator fills it in. */
export function inputType(operation: Operation): Code {
  const { body, ifMatch } = operation;
  const choices = choicesOf(operation);
  return code`
    ${body && code`export type Body = ${requestBodyType(operation)};`}

    /** The request, parsed and validated. */
    export interface Input {
      ${group('params', operation, 'path')}
      ${group('query', operation, 'query')}
      ${group('headers', operation, 'header')}
      ${body && code`readonly body${optional(body.required)}: Body;`}
      ${
        choices.length > 0 &&
        code`/** The media type for an answer 200, chosen by the client's Accept header. */
      readonly accept: ${join(choices.map(lit), ' | ')};`
      }
      ${
        ifMatch &&
        (ifMatch.opaque
          ? code`/** The condition of \`If-Match\`, for \`matchesTag\`. */
      readonly ifMatch${optional(ifMatch.required)}: IfMatch;`
          : code`/** The version in \`If-Match\`. */
      readonly ifMatch${optional(ifMatch.required)}: bigint;`)
      }
      ${
        isSigned(operation) &&
        code`/** The delivery, whose signature was verified. An event may be delivered again, with the same id. */
      readonly webhook: Webhook;`
      }
      readonly ctx: ${reads(operation) ? code`ReadCtx` : code`Ctx`};
    }
  `;
}

/** The media types of which a client gets one, JSON first. Empty if there is no choice. */
export function choicesOf({ responses }: Operation): readonly string[] {
  return responses.flatMap(({ content }) =>
    content.kind === 'json' && content.texts ? [content.mediaType, ...content.texts] : [],
  );
}

function requestBodyType({ id, body }: Operation): Code {
  if (!body) return code`never`;
  const holder = code`operations[${lit(id)}]['requestBody']`;
  return bodyType(
    body.schema,
    code`${body.required ? holder : code`NonNullable<${holder}>`}['content'][${lit(body.mediaType)}]`,
  );
}

function group(name: string, { params }: Operation, where: Param['in']): Code | undefined {
  const members = params.filter((param) => param.in === where);
  if (members.length === 0) return undefined;
  const types = members.map(
    (param) =>
      code`readonly ${propertyKey(param.name)}${optional(param.required || hasDefault(param))}: ${paramType(param)}`,
  );
  return code`readonly ${propertyKey(name)}: { ${join(types, '; ')} };`;
}

function hasDefault({ schema }: Param): boolean {
  return typeof schema === 'object' && schema !== null && 'default' in schema;
}

function optional(required: boolean): Code {
  return required ? code`` : code`?`;
}

/** `Result`: one member for each status that the handler may answer with. */
export function resultType(operation: Operation, follows: FollowUps): Code {
  const members = operation.responses
    .filter(isHandlers)
    .flatMap((response) =>
      bodyMembers(operation, response).map((body) => memberType(operation, response, body, follows)),
    );
  return code`
    /** What the handler may return: the statuses, bodies and events that the spec declares. */
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

/** The members of a result that hold its body: one list for each kind of body. */
function bodyMembers(operation: Operation, response: Response): readonly (readonly Code[])[] {
  const { content } = response;
  if (content.kind !== 'json') return [[]];
  const body = code`readonly body: ${responseBodyType(operation, response)}`;
  if (!content.texts) return [[body]];
  return [
    [code`readonly mediaType?: ${lit(content.mediaType)}`, body],
    [
      code`readonly mediaType: ${join(content.texts.map(lit), ' | ')}`,
      code`readonly body: string | AsyncIterable<string>`,
    ],
  ];
}

function memberType(operation: Operation, response: Response, body: readonly Code[], follows: FollowUps): Code {
  const { status, content, etag, headers } = response;
  if (content.kind === 'problem' && isPlainProblem(response))
    return code`Problem<${status}, ${codesType(status, content.codes)}>`;
  const parts: (Code | undefined)[] = [
    code`readonly status: ${status}`,
    ...body,
    content.kind === 'problem' ? code`readonly problem: ProblemOf<${codesType(status, content.codes)}>` : undefined,
    etag ? code`readonly version: bigint` : undefined,
    headers.length > 0
      ? code`readonly headers${headers.some(({ required }) => required) ? code`` : code`?`}: ${headersType(response)}`
      : undefined,
    content.kind === 'empty' ? code`readonly body?: never` : undefined,
    reads(operation) ? code`readonly events?: never` : eventsOf(response),
    ...(reads(operation) || status >= 400 ? [] : followUpMembers(follows)),
  ];
  return code`{ ${join(
    parts.filter((part) => part !== undefined),
    '; ',
  )} }`;
}

function responseBodyType({ id }: Operation, { status, content }: Response): Code {
  if (content.kind !== 'json') return code`never`;
  return bodyType(
    content.schema,
    code`operations[${lit(id)}]['responses'][${status}]['content'][${lit(content.mediaType)}]`,
  );
}

function codesType(status: number, codes: readonly string[]): Code {
  return codes.length === 0
    ? code`string`
    : join(
        handlerCodes(status, codes).map((name) => lit(name)),
        ' | ',
      );
}

function headersType({ headers }: Response): Code {
  const members = headers.map(
    (header) =>
      code`readonly ${propertyKey(header.name)}${header.required ? code`` : code`?`}: ${isTag(header) ? code`EntityTag` : primitiveType(header)}`,
  );
  return code`{ ${join(members, '; ')} }`;
}

/** Whether a header of the handler is an entity tag, which has a form of its own. */
export function isTag({ name }: Pick<ResponseHeader, 'name'>): boolean {
  return name.toLowerCase() === 'etag';
}

function eventsOf({ emits }: Response): Code {
  if (!emits) return code`readonly events?: never`;
  return emits.every((tuple) => tuple.length === 0)
    ? code`readonly events?: readonly []`
    : code`readonly events: ${eventsType(emits)}`;
}

/** Whether requests are signed by Standard Webhooks. */
export function isSigned({ security }: Operation): boolean {
  return security.some(({ webhook }) => webhook === true);
}

/** Whether the method is safe. Such operations get a session for reading and send no events. */
export function reads({ method }: Operation): boolean {
  return isSafe(method);
}

/** Whether a handler may give this response: every declared one, except a problem that only the plumbing gives. */
export function isHandlers({ status, content }: Response): boolean {
  return content.kind !== 'problem' || content.codes.length === 0 || handlerCodes(status, content.codes).length > 0;
}

const COMPONENT = /^#\/components\/schemas\/([^/]+)$/;

/**
 * The type of a whole body: its component if it is one, else `fallback`, the path to it within its operation. Both are
 * in types.ts, as openapi-typescript prints them.
 */
function bodyType(schema: JsonValue, fallback: Code): Code {
  return componentType(schema) ?? fallback;
}

/** A parameter's type after parsing. It is printed where it is used, because parameters are small. */
function paramType({ schema, shape }: Param): Code {
  const component = componentType(schema);
  if (component) return component;
  if (shape.kind === 'array') {
    const items = isObject(schema) ? schema['items'] : undefined;
    const item = componentType(items) ?? enumType(items) ?? primitive(shape.items);
    return code`readonly (${item})[]`;
  }
  if (shape.kind === 'object') return objectType(schema, shape);
  return primitiveType({ schema, shape });
}

/** The type of a parameter or header that is one primitive. */
function primitiveType({ schema, shape }: Pick<ResponseHeader, 'schema' | 'shape'>): Code {
  return componentType(schema) ?? enumType(schema) ?? primitive(shape.kind);
}

function objectType(
  schema: JsonValue,
  { properties, additional }: Extract<Param['shape'], { readonly kind: 'object' }>,
): Code {
  const required = isObject(schema) && Array.isArray(schema['required']) ? schema['required'] : [];
  const members = Object.entries(properties).map(
    ([name, kind]) =>
      code`readonly ${propertyKey(name)}${required.includes(name) ? code`` : code`?`}: ${primitive(kind)}`,
  );
  // In TypeScript, the type of further members must include the types of the named ones.
  const kinds = [
    ...new Set([additional ?? [], ...Object.values(properties)].flat().map((kind) => primitive(kind).text)),
  ];
  const further = additional === undefined ? [] : [code`readonly [name: string]: ${join(kinds.map(ident), ' | ')}`];
  return code`{ ${join([...members, ...further], '; ')} }`;
}

function componentType(schema: JsonValue | undefined): Code | undefined {
  const ref = isObject(schema) ? schema['$ref'] : undefined;
  const name = typeof ref === 'string' ? COMPONENT.exec(ref)?.[1] : undefined;
  return name === undefined ? undefined : code`components['schemas'][${lit(unescapeToken(decodeURIComponent(name)))}]`;
}

function enumType(schema: JsonValue | undefined): Code | undefined {
  if (!isObject(schema)) return undefined;
  const values = schema['const'] === undefined ? schema['enum'] : [schema['const']];
  if (!Array.isArray(values) || values.length === 0) return undefined;
  const list: readonly JsonValue[] = values;
  return join(
    list.map((value) => lit(value)),
    ' | ',
  );
}

function primitive(kind: string): Code {
  return kind === 'string' ? code`string` : kind === 'boolean' ? code`boolean` : code`number`;
}

/** Whether a response is a problem without headers from the handler, so that its status is enough. */
export function isPlainProblem({ content, etag, headers, emits }: Response): boolean {
  return content.kind === 'problem' && !etag && headers.length === 0 && !emits;
}
