import { EXTENSION, type EmitItem, type EmitTuple } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import type { EventsView } from '../asyncapi/events.ts';
import { laterViews } from '../asyncapi/later.ts';
import type { HttpView, OperationView } from '../openapi/http.ts';
import { handlingOfLater, handlingOfOperation } from './handling.ts';

/** The `x-atlas-emits` of one outcome: a response of an operation, or the handling of a message. */
export interface EmitsView {
  readonly alternatives: readonly EmitTuple[];
  /** Every name, at its place. */
  readonly names: readonly { readonly name: string; readonly cursor: Cursor }[];
  /** Values that are not a list, and items that are not a name. */
  readonly malformed: readonly Cursor[];
}

/**
 * Reads one list of names (exactly these events, in this order) or a list of such lists (exactly one of them). An empty
 * list means that nothing is sent.
 */
export function emitsOf(cursor: Cursor): EmitsView {
  const names: { name: string; cursor: Cursor }[] = [];
  const malformed: Cursor[] = [];
  const tuple = (list: Cursor): EmitTuple =>
    list.items().flatMap((item): EmitItem[] => {
      const text = item.string();
      if (text === undefined || text === '' || text === '*') {
        malformed.push(item);
        return [];
      }
      const many = text.endsWith('*');
      const name = many ? text.slice(0, -1) : text;
      names.push({ name, cursor: item });
      return [{ message: name, many }];
    });
  if (!Array.isArray(cursor.value)) return { alternatives: [], names, malformed: [cursor] };
  const items = cursor.items();
  const nested = items.length > 0 && items.every((item) => Array.isArray(item.value));
  const alternatives = nested ? items.map(tuple) : [tuple(cursor)];
  return { alternatives, names, malformed };
}

/** An operation's `x-atlas-emits` by status, those of the operation and those of its responses. */
export function operationEmits(
  operation: OperationView,
): readonly { readonly status: string; readonly cursor: Cursor }[] {
  const onOperation = ownEmits(operation)?.entries() ?? [];
  return [
    ...onOperation.map(([status, cursor]) => ({ status, cursor })),
    ...operation.responses.flatMap(({ status, cursor: response }) => {
      const cursor = response.get(EXTENSION.emits);
      return cursor ? [{ status, cursor }] : [];
    }),
  ];
}

/** What an operation itself says: its lists by status. */
export function ownEmits({ cursor }: Pick<OperationView, 'cursor'>): Cursor | undefined {
  return cursor.get(EXTENSION.emits);
}

/** Every list of emitted messages in all specs, with the service that emits them. */
export function* emitsPlaces({
  http,
  events,
}: {
  readonly http: readonly HttpView[];
  readonly events: EventsView;
}): Generator<{ readonly service: string; readonly emits: Cursor }> {
  for (const { operations, service } of http)
    for (const operation of operations)
      for (const { cursor } of operationEmits(operation)) yield { service: service.name, emits: cursor };
  for (const document of events.documents) {
    const service = document.service.name;
    for (const { cursor } of document.operations) {
      const { emits } = handlingOfOperation(cursor);
      if (emits) yield { service, emits };
    }
    for (const { cursor } of laterViews(document)) {
      const { emits } = handlingOfLater(cursor);
      if (emits) yield { service, emits };
    }
  }
}
