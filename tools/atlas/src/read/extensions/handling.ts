import { EXTENSION } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';

/** How events are handled: the list of what a handler emits, and the policy of its retries. */
export interface HandlingView {
  readonly emits: Cursor | undefined;
  readonly retry: Cursor | undefined;
}

/** For an operation of AsyncAPI, which has the keys of Atlas among those of the standard. */
export function handlingOfOperation(operation: Cursor): HandlingView {
  return { emits: operation.get(EXTENSION.emits), retry: operation.get(EXTENSION.retry) };
}

/** For a timer or an effect. These are extensions of Atlas as a whole, so their keys have no prefix. */
export function handlingOfLater(entry: Cursor): HandlingView {
  return { emits: entry.get('emits'), retry: entry.get('retry') };
}
