import { contract } from '@atlas/generated-inventory';

export interface Emitting {
  readonly events?: readonly { readonly type: string }[] | undefined;
}

export interface Answer extends Emitting {
  readonly status: number;
  readonly body?: unknown;
  readonly version?: bigint;
}

type Emits = readonly (readonly string[])[] | undefined;

/** Returns the answer of an operation. Throws if the contract does not allow it, as the plumbing would. */
export function answerOf<A extends Answer>(id: string, answer: A): A {
  const operation = contract.operations.find((one) => one.id === id);
  if (!operation) throw new Error(`there is no operation ${id}`);
  const response = operation.responses[answer.status];
  if (!response) {
    if (operation.problems?.includes(answer.status)) return answer;
    throw new Error(`${id} answers ${answer.status}, which is not declared`);
  }
  const errors = response.validate?.(answer.body) ?? [];
  if (errors.length > 0) throw new Error(`${id} answers ${answer.status} with ${JSON.stringify(errors)}`);
  if (response.etag && answer.version === undefined) throw new Error(`${id} gives no version`);
  return emitted(id, response.emits, answer);
}

/** Returns the result of a handler of an event. Throws if it emits events that the contract does not allow. */
export function resultOf<R extends Emitting>(name: string, result: R): R {
  const consumer = contract.consumers.find((one) => one.name === name);
  if (!consumer) throw new Error(`there is no consumer ${name}`);
  return emitted(name, consumer.emits, result);
}

function emitted<R extends Emitting>(what: string, emits: Emits, result: R): R {
  const names = (result.events ?? []).map(({ type }) => `${type},`).join('');
  const allowed = (emits ?? [[]]).map((tuple) => tuple.map((name) => name.replace(/^(\w+)(\*?)$/, '($1,)$2')).join(''));
  if (allowed.some((pattern) => new RegExp(`^${pattern}$`).test(names))) return result;
  throw new Error(`${what} emits ${names}, which is not one of ${JSON.stringify(emits)}`);
}
