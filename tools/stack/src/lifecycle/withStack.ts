import { readStack, type StackInfo } from '../info.ts';
import { stackDown } from './down.ts';
import { type PartStatus, stackStatus } from './status.ts';
import { stackUp, type UpOptions } from './up.ts';

/** The stack that `withStack` gives: its addresses, and whether it goes on when the work is done. */
export interface UsedStack {
  readonly info: StackInfo;
  readonly stays: boolean;
}

export interface WithStackOptions extends Omit<UpOptions, 'services'> {
  /** Called before anything is started, where none was up. */
  readonly onStart?: () => void;
}

/**
 * Runs `work` with the stack up. One that somebody has up is used, mended where a part of it has died, and left running;
 * one that this started is stopped again, also after a failure and after an abort.
 */
export async function withStack<T>(
  { root, signal, report, onStart }: WithStackOptions,
  work: (stack: UsedStack) => Promise<T>,
): Promise<T> {
  const rooted = root === undefined ? {} : { root };
  const stays = readStack(root) !== undefined && somebodys(await stackStatus(root));
  signal?.throwIfAborted();
  if (!stays) onStart?.();
  try {
    const info = await stackUp({
      ...rooted,
      ...(signal === undefined ? {} : { signal }),
      ...(report === undefined ? {} : { report }),
    });
    return await work({ info, stays });
  } finally {
    if (!stays) await stackDown(rooted);
  }
}

// One living part is enough: the others of a stack that somebody wants up have died. After a restart of the machine none lives.
function somebodys(statuses: readonly PartStatus[]): boolean {
  return statuses.some(({ pid }) => pid !== undefined) || statuses.every(({ state }) => state === 'external');
}
