import { randomUUID } from 'node:crypto';
import type { Asked } from './ask.ts';
import type { ServedOperation } from './servedContract.ts';

export type Headers = Readonly<Record<string, string>>;

/** A request of an operation that the plumbing accepts. `authorization` is the value of that header. */
export function validFor(operation: ServedOperation, authorization: string): Asked & { readonly headers: Headers } {
  const { method, path, pathValues, takesKey, takesVersion, body, bodyType } = operation;
  return {
    method,
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => pathValues.get(name) ?? randomUUID()),
    headers: {
      authorization,
      ...(takesKey ? { 'idempotency-key': randomUUID() } : {}),
      ...(takesVersion ? { 'if-match': '"1"' } : {}),
      ...(body === undefined ? {} : { 'content-type': bodyType }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}
