import { EXTENSION } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';

/** How events are handled: the list of what a handler emits, and the policy of its retries. */
export interface HandlingView {
  readonly emits: Cursor | undefined;
  readonly retry: Cursor | undefined;
}

/** Of an operation of AsyncAPI, which has our keys among those of the standard. */
export function handlingOfOperation(operation: Cursor): HandlingView {
  return { emits: operation.get(EXTENSION.emits), retry: operation.get(EXTENSION.retry) };
}

/** Of a timer or an effect, which are ours as a whole, so that their keys have no prefix. */
export function handlingOfLater(entry: Cursor): HandlingView {
  return { emits: entry.get('emits'), retry: entry.get('retry') };
}
