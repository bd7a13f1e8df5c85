import { readStack, type StackInfo } from '../info.ts';
import { layoutOf } from '../layout.ts';
import { stackDown } from './down.ts';
import { type PartStatus, stackStatus } from './status.ts';
import { type RisingStack, stackRising, type UpOptions } from './up.ts';
import { usersOf } from './users.ts';

/** The stack that `withStack` provides: its addresses, and whether it keeps running after the work. */
export interface UsedStack {
  readonly info: StackInfo;
  readonly stays: boolean;
}

export interface WithStackOptions extends Omit<UpOptions, 'services'> {
  /** Called before anything is started, if no stack is up. */
  readonly onStart?: () => void;
}

/** The stack that `withRisingStack` provides, while its parts still start. */
export interface UsedRisingStack extends RisingStack {
  /** Whether the stack keeps running after the work. */
  readonly stays: boolean;
}

/**
 * Runs `work` with the stack up. A stack that is up already stays up afterwards; parts of it that have died are started
 * again. A stack that this call starts is stopped again, also after a failure and after an abort. If others still use
 * it through this function, the last one of them stops it.
 */
export function withStack<T>(options: WithStackOptions, work: (stack: UsedStack) => Promise<T>): Promise<T> {
  return withRisingStack(options, async ({ up, info, stays }) => {
    await up();
    return work({ info: info(), stays });
  });
}

/**
 * Like `withStack`, but runs `work` as soon as all ports are chosen. If a part fails, the signal of the stack aborts,
 * and this call throws the error of that part.
 */
export async function withRisingStack<T>(
  { root, signal, report, onStart, with: also = [] }: WithStackOptions,
  work: (stack: UsedRisingStack) => Promise<T>,
): Promise<T> {
  const rooted = root === undefined ? {} : { root };
  const users = usersOf(layoutOf(root));
  const leave = users.enter();
  const isUp = readStack(root) !== undefined && isInUse(await stackStatus(root));
  const stays = isUp && !users.isBorrowed();
  if (!isUp) users.borrow();
  else if (!stays) report?.('stack', 'up', 'another command has started it; the last one that uses it stops it');
  // if the work fails while parts still start, they need not
  const given = new AbortController();
  const both = signal === undefined ? given.signal : AbortSignal.any([signal, given.signal]);
  try {
    signal?.throwIfAborted();
    if (!isUp) onStart?.();
    const rising = await stackRising({
      ...rooted,
      with: also,
      signal: both,
      ...(report === undefined ? {} : { report }),
    });
    try {
      return await work({ ...rising, stays });
    } catch (error) {
      given.abort(error);
      // waits, because the stack must not be stopped while it still starts; throws what happened first
      await rising.up();
      throw error;
    }
  } finally {
    const others = leave();
    if (!stays && !others) await stackDown(rooted);
  }
}

// Any running part means that the stack is still wanted. After a restart of the machine no part runs.
function isInUse(statuses: readonly PartStatus[]): boolean {
  return (
    statuses.some(({ pid }) => pid !== undefined) ||
    statuses.every(({ state }) => state === 'external' || state === 'not asked for')
  );
}
