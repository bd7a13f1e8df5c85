import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tryLock } from './lock.ts';

export interface Claims {
  /** True when no other living process of this user has claimed the port; from then on it is ours. */
  readonly claim: (port: number) => boolean;
  readonly release: () => void;
}

/**
 * Ports that a start has chosen and that nothing listens on yet. Without them two stacks that start together choose the
 * same ones, and the slower one takes the other's servers for its own.
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
