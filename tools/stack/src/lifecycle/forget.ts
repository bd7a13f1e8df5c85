import { rm } from 'node:fs/promises';
import type { Layout } from '../layout.ts';
import { PARTS } from '../parts/parts.ts';
import { runningPrograms } from '../process/programFile.ts';
import type { StackState } from '../state.ts';

/** Removes the data of all parts. It removes only known folders, because a person may have chosen the state folder. */
export async function forgetData(layout: Layout, state: StackState | undefined): Promise<void> {
  const foreign = PARTS.flatMap((part) => part.foreignData?.(layout, state) ?? []);
  for (const folder of [layout.data, ...foreign]) await rm(folder, { recursive: true, force: true });
}

/**
 * Removes everything else that a stack keeps. Downloads stay, because other stacks use them too. Notes of programs stay
 * as long as one of these runs.
 */
export async function forgetState(layout: Layout): Promise<void> {
  for (const path of [layout.infoFile, layout.stateFile, layout.logs, layout.run, layout.users]) {
    await rm(path, { recursive: true, force: true });
  }
  if (runningPrograms(layout.programs).length === 0) await rm(layout.programs, { recursive: true, force: true });
}
