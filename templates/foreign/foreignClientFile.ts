import { code, comment, ident, join, lit, member, pascal, propertyKey, type Code, type JsonObject } from '@atlas/ir';
import type { HttpApi, Operation, Param, Response, StatusRange } from '@atlas/ir';
import { operationDoc, partName } from '../http/operationFile.ts';
import { camel, hasOwnStyle, kindsOf } from '../client/clientFile.ts';

type ForeignOperation = Operation<StatusRange>;

/** clients/<name>/index.ts: a function for each operation of an outside system. */
export function foreignClientFile(name: string, { operations }: HttpApi<StatusRange>): Code {
  const type = ident(`${pascal(camel(name))}Client`);
  const contracts = operations.map((operation) => code`${ident(operation.id)}: ${operationContract(operation)},`);
  const text = join(contracts, '\n').text;
  return code`
    import { foreignCallsOf, ${operations.length > 0 && code`type ForeignCall, `}type ForeignOptions } from '@atlas/runtime/foreign';
    ${text.includes('validators.') && code`import * as validators from './compiled/validators.js';`}
    ${operations.length > 0 && code`import type { operations } from './types.ts';`}

    export type { components } from './types.ts';

    /** A function for each operation. It resolves to the answer, typed by its status. A problem is an answer, too. */
    export interface ${type} {
      ${operations.flatMap((operation) => [
        comment(operationDoc(operation)),
        code`readonly ${ident(operation.id)}: ForeignCall<operations[${lit(operation.spelled ?? operation.id)}]>;`,
      ])}
    }

    export const ${ident(`${camel(name)}Client`)} = (options: ForeignOptions): ${type} =>
      foreignCallsOf<${type}>(${lit(name)}, OPERATIONS, options);

    const OPERATIONS = {
      ${contracts}
    } as const;
  `;
}

/** What the runtime needs to write the request and to check the answer: the runtime's `ForeignContract`. */
function operationContract(operation: ForeignOperation): Code {
  const { id, method, path, params, body, idempotency, responses } = operation;
  const styles = params.filter(hasOwnStyle).map(({ name, in: where, style, explode }) => ({
    name,
    in: where,
    style,
    explode,
  }));
  return code`{
    method: ${lit(method.toUpperCase())},
    path: ${lit(path)},
    ${styles.length > 0 && code`styles: ${lit(styles)},`}
    ${params.length > 0 && code`params: ${lit(groupsOf(params))},`}
    ${params.length > 0 && code`validateParams: validators${member(partName.params(id))},`}
    ${body && code`body: ${lit(body.mediaType)},`}
    ${body && code`validateBody: validators${member(partName.body(id))},`}
    ${idempotency && code`idempotencyKey: true,`}
    answers: {
      ${responses.map((response) => code`${propertyKey(String(response.status))}: ${answerContract(id, response)},`)}
    },
  }`;
}

/** The places of the parameters, by which the validator groups them. */
function groupsOf(params: readonly Param[]): readonly string[] {
  return (['path', 'query', 'header'] as const).filter((group) => params.some((param) => param.in === group));
}

function answerContract(id: string, response: Response<StatusRange>): Code {
  const { status, content, headers } = response;
  const kinds: JsonObject = kindsOf(response);
  const isProblem = content.kind === 'json' && content.mediaType.toLowerCase().startsWith('application/problem+json');
  const parts: (Code | undefined)[] = [
    code`kind: ${lit(isProblem ? 'problem' : content.kind)}`,
    content.kind === 'json' ? code`validate: validators${member(partName.response(id, status))}` : undefined,
    headers.length > 0 ? code`headers: ${lit(kinds)}` : undefined,
    headers.length > 0 ? code`validateHeaders: validators${member(partName.headers(id, status))}` : undefined,
  ];
  return code`{ ${join(
    parts.filter((part) => part !== undefined),
    ', ',
  )} }`;
}
