import type { Json, OperationContract } from '../contract/operation.ts';
import { isObject } from '../typeGuards.ts';

/** What the page needs to know about an operation. Without responses it names no events. */
export type DescribedOperation = Pick<OperationContract, 'method' | 'path' | 'security'> &
  Partial<Pick<OperationContract, 'responses'>>;

/**
 * The document for the reference page. Viewers of OpenAPI show neither the roles of a bearer token nor Atlas's own
 * keywords, so each operation's description says who may call it and which events it emits. The server's address is
 * that of the page unless the document has one.
 */
export function documentOfReaders(document: Json, operations: readonly DescribedOperation[], basePath: string): Json {
  if (!isObject(document) || !isObject(document['paths'])) return document;
  const paths: Record<string, Json | undefined> = { ...document['paths'] };
  for (const operation of operations) {
    const item = paths[operation.path];
    const method = operation.method.toLowerCase();
    const described = isObject(item) ? item[method] : undefined;
    if (!isObject(item) || !isObject(described)) continue;
    const { description } = described;
    const text = [typeof description === 'string' ? description : '', callersOf(operation), eventsOf(operation)];
    paths[operation.path] = {
      ...item,
      [method]: { ...described, description: text.filter((part) => part !== '').join('\n\n') },
    };
  }
  return { servers: [{ url: basePath === '' ? '/' : basePath }], ...document, paths };
}

function callersOf({ security }: DescribedOperation): string {
  if (security.length === 0) return '**Roles:** none, anybody may call it.';
  const alternatives = security.map(({ roles }) => roles.map(quoted).join(' and '));
  if (alternatives.includes('')) return '**Roles:** none, any valid token is enough.';
  return `**Roles:** ${alternatives.join(', or ')}.`;
}

function eventsOf({ responses = {} }: DescribedOperation): string {
  const lines = Object.entries(responses).flatMap(([status, { emits }]) =>
    (emits ?? [])
      .filter((names) => names.length > 0)
      .map((names) => `${names.map(eventOf).join(' and ')} with ${status}`),
  );
  return lines.length === 0 ? '' : `**Emits:** ${lines.join(', or ')}.`;
}

/** A name that ends in `*` means zero or more. */
function eventOf(name: string): string {
  return name.endsWith('*') ? `any number of ${quoted(name.slice(0, -1))}` : quoted(name);
}

function quoted(name: string): string {
  return `\`${name}\``;
}
