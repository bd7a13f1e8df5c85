import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../layout.ts';
import { holderOf, tryLock } from '../process/lock.ts';

/** The commands that use a stack that one of them has started. The last one stops it. */
export interface Users {
  /**
   * Notes that this process uses the stack. Returns a function that ends this and says whether others still use the
   * stack.
   */
  readonly enter: () => () => boolean;
  /** Whether a command has started the stack only for the time of its work. */
  readonly isBorrowed: () => boolean;
  /** Notes that the stack was started for the time of a command's work. */
  readonly borrow: () => void;
  /** Forgets that, because the stack should stay up or is down. */
  readonly keep: () => void;
}

export function usersOf({ dir, users: folder }: Pick<Layout, 'dir' | 'users'>): Users {
  const mark = join(dir, 'borrowed');
  const others = (): boolean => readdirSync(folder).some((name) => holderOf(join(folder, name)) !== undefined);
  return {
    enter: () => {
      mkdirSync(folder, { recursive: true });
      const leave = tryLock(join(folder, String(process.pid)));
      return () => {
        leave?.();
        return existsSync(folder) && others();
      };
    },
    isBorrowed: () => existsSync(mark),
    borrow: () => {
      mkdirSync(dir, { recursive: true });
      writeFileSync(mark, '');
    },
    keep: () => rmSync(mark, { force: true }),
  };
}
