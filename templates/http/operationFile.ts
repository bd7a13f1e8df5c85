import { code, comment, ident, join, lit, type Code, type Operation } from '@atlas/ir';
import { emittedNames } from '../emits.ts';
import { eventName } from '../names.ts';
import { inputType } from './inputType.ts';
import { isPlainProblem, operationContract } from './operationContract.ts';
import { isHandlers, reads, resultType } from './resultType.ts';

/**
 * http/<operation>.ts: the types that a handler is written against, and the operation as data. References in the
 * operation's schemas lead into the document that types.ts is made from.
 */
export function operationFile(operation: Operation): Code {
  const input = inputType(operation);
  const result = resultType(operation);
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
    ${imports(operation, join(body, '\n').text)}

    ${join(body, '\n\n')}
  `;
}

/** An operation in one sentence, and where it is. */
export function operationDoc({ summary, method, path }: Operation): string {
  const route = `${method.toUpperCase()} ${path}`;
  const text = summary?.trim() ?? '';
  if (text === '') return route;
  return `${text}${/[.!?:]$/.test(text) ? '' : '.'} ${route}`;
}

function imports(operation: Operation, text: string): readonly Code[] {
  const handlers = operation.responses.filter(isHandlers);
  const events = [...new Set(handlers.flatMap(({ emits }) => emittedNames(emits ?? [])))].toSorted();
  const problems = handlers.filter(({ content }) => content.kind === 'problem');
  const runtime = [
    'Ctx',
    'OperationContract',
    ...(problems.some(isPlainProblem) ? ['Problem'] : []),
    ...(problems.every(isPlainProblem) ? [] : ['ProblemOf']),
    reads(operation) ? 'Read' : 'Tx',
  ];
  const types = ['components', 'operations'].filter((name) => text.includes(`${name}[`));
  return [
    code`import type { ${join(runtime.map(ident), ', ')} } from '@atlas/runtime';`,
    ...events.map((name) => code`import type { ${eventName(name)} } from ${lit(`../events/${name}.ts`)};`),
    ...(text.includes('serializers.') ? [code`import * as serializers from './compiled/serializers.js';`] : []),
    ...(text.includes('validators.') ? [code`import * as validators from './compiled/validators.js';`] : []),
    ...(types.length > 0 ? [code`import type { ${join(types.map(ident), ', ')} } from './types.ts';`] : []),
  ];
}
