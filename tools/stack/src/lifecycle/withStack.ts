import { readStack, type StackInfo } from '../info.ts';
import { stackDown } from './down.ts';
import { type PartStatus, stackStatus } from './status.ts';
import { stackUp, type UpOptions } from './up.ts';

/** The stack that `withStack` provides: its addresses, and whether it keeps running after the work. */
export interface UsedStack {
  readonly info: StackInfo;
  readonly stays: boolean;
}

export interface WithStackOptions extends Omit<UpOptions, 'services'> {
  /** Called before anything is started, if no stack is up. */
  readonly onStart?: () => void;
}

/**
 * Runs `work` with the stack up. A stack that is in use already stays up afterwards; parts of it that have died are
 * started again. A stack that this call starts is stopped again, also after a failure and after an abort.
 */
export async function withStack<T>(
  { root, signal, report, onStart }: WithStackOptions,
  work: (stack: UsedStack) => Promise<T>,
): Promise<T> {
  const rooted = root === undefined ? {} : { root };
  const stays = readStack(root) !== undefined && isInUse(await stackStatus(root));
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

// Any running part means that the stack is still wanted. After a restart of the machine no part runs.
function isInUse(statuses: readonly PartStatus[]): boolean {
  return statuses.some(({ pid }) => pid !== undefined) || statuses.every(({ state }) => state === 'external');
}
