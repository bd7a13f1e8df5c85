import type { Tx } from '@atlas/runtime';
import type { AnyMessage } from './projection.ts';
import type { Table } from './table.ts';

/** How events change the rows of a table with one row per thing, such as an order. */
export interface Folding<Row extends object, Key extends keyof Row & string> {
  readonly table: Table<Row>;
  /** The table's primary key. */
  readonly key: readonly Key[];
  /** The key of the row that an event is about. Undefined if it is about none. */
  readonly keyOf: (message: AnyMessage) => Pick<Row, Key> | undefined;
  /**
   * The row after an event. It never throws: an unexpected event changes only the columns that it certainly knows.
   * Undefined if there is still no row, because the event that begins it has not come.
   */
  readonly fold: (row: Row | undefined, message: AnyMessage) => Row | undefined;
}

/**
 * Locks the rows that the events are about, folds the events of each row in their sequence, and writes the changed
 * rows.
 */
export async function foldRows<Row extends object, Key extends keyof Row & string>(
  { table, key, keyOf, fold }: Folding<Row, Key>,
  messages: readonly AnyMessage[],
  tx: Tx,
): Promise<void> {
  const groups = groupsOf(messages, (message) => {
    const about = keyOf(message);
    return about && { about, text: table.keyOf(key, about) };
  });
  if (groups.size === 0) return;
  const wanted = [...groups.values()].map(({ about }) => about);
  const loaded = new Map((await table.load(tx, key, wanted)).map((row) => [table.keyOf(key, row), row]));
  const changed: Row[] = [];
  for (const [text, group] of groups) {
    const before = loaded.get(text);
    const after = group.messages.reduce<Row | undefined>(fold, before);
    if (after !== undefined && after !== before) changed.push(after);
  }
  await table.write(tx, changed);
}

interface Group<About> {
  readonly about: About;
  readonly messages: AnyMessage[];
}

/** The messages about each thing, in their sequence. */
export function groupsOf<About>(
  messages: readonly AnyMessage[],
  aboutOf: (message: AnyMessage) => { readonly about: About; readonly text: string } | undefined,
): ReadonlyMap<string, Group<About>> {
  const groups = new Map<string, Group<About>>();
  for (const message of messages) {
    const found = aboutOf(message);
    if (!found) continue;
    const group = groups.get(found.text);
    if (group) group.messages.push(message);
    else groups.set(found.text, { about: found.about, messages: [message] });
  }
  return groups;
}
