import { code, join, lit, propertyKey, type Code, type Operation, type Param } from '@atlas/ir';
import { bodyType, paramType } from './schemaType.ts';

/** `Input`, and `Body` if there is one. A parameter with a default is never absent: the validator fills it in. */
export function inputType(operation: Operation): Code {
  const { body, ifMatch } = operation;
  return code`
    ${body && code`export type Body = ${bodyOf(operation)};`}

    /** What the handler gets: parsed and validated. */
    export interface Input {
      ${group('params', operation, 'path')}
      ${group('query', operation, 'query')}
      ${group('headers', operation, 'header')}
      ${body && code`readonly body${optional(body.required)}: Body;`}
      ${
        ifMatch &&
        code`/** The version in \`If-Match\`. */
      readonly ifMatch${optional(ifMatch.required)}: bigint;`
      }
      readonly ctx: Ctx;
    }
  `;
}

function bodyOf({ id, body }: Operation): Code {
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
