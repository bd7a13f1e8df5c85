import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tryLock } from './lock.ts';

export interface Claims {
  /** True if no other running process of this user has claimed the port. The port is then claimed. */
  readonly claim: (port: number) => boolean;
  readonly release: () => void;
}

/**
 * Claims ports that nothing listens on yet. Without claims, two stacks that start at the same time would choose the
 * same ports, and the slower one would mistake the other's servers for its own.
 */
export function portClaims(folder: string): Claims {
  mkdirSync(folder, { recursive: true });
  const held = new Map<number, () => void>();
  return {
    claim: (port) => {
      if (held.has(port)) return true;
      const release = tryLock(join(folder, String(port)));
      if (release !== undefined) held.set(port, release);
      return release !== undefined;
    },
    release: () => {
      for (const release of held.values()) release();
      held.clear();
    },
  };
}
