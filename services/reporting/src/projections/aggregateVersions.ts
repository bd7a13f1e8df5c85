import { contract } from '@atlas/generated-reporting';
import { aggregateOf } from '@atlas/runtime';
import type { AnyMessage, Projection } from './projection.ts';
import { tableOf } from './table.ts';

export interface AggregateVersionRow {
  readonly kind: string;
  readonly key: string;
  readonly sequence: bigint;
}

const table = tableOf<AggregateVersionRow>('aggregate_version', ['kind', 'key'], {
  kind: 'text',
  key: 'text',
  sequence: 'int8',
});

const CONTRACTS = new Map(contract.consumers.map(({ message }) => [message.name, message]));

/**
 * The last sequence of each key of each topic, with kind and key as in the header Atlas-Version. The sequence of a key
 * rises, so only its last event is written.
 */
export function versionsOf(messages: readonly AnyMessage[]): readonly AggregateVersionRow[] {
  const versions = new Map<string, AggregateVersionRow>();
  for (const { type, data, meta } of messages) {
    const message = CONTRACTS.get(type);
    const key = message?.key?.(data);
    // a producer without Atlas does not number its events
    if (message === undefined || key === undefined || meta.sequence === undefined) continue;
    const row = { kind: aggregateOf(message.topic), key: encodeURIComponent(key), sequence: meta.sequence };
    const text = table.keyOf(['kind', 'key'], row);
    const before = versions.get(text);
    if (!before || before.sequence < row.sequence) versions.set(text, row);
  }
  return [...versions.values()];
}

export const aggregateVersions: Projection = {
  name: 'aggregateVersions',
  version: 1,
  tables: [table.name],
  apply: (messages, tx) => table.write(tx, versionsOf(messages), 'greatest'),
};
