import { readdirSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/**
 * Tells of every change below a folder, one watcher a folder. Node's own recursive watch follows each file's inode on
 * Linux, so it goes deaf to a file that an editor has replaced by renaming another over it.
 */
export function watchFolders(root: string, changed: () => void, failed: (error: Error) => void): { close(): void } {
  const watchers = new Map<string, FSWatcher>();
  const drop = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const add = (folder: string): void => {
    const watcher = watch(folder, (event) => {
      changed();
      // Something came, went or was renamed: perhaps a folder.
      if (event === 'rename') follow();
    });
    // A folder that goes away; its parent tells of that.
    watcher.on('error', () => drop(folder));
    watchers.set(folder, watcher);
  };
  const follow = (): void => {
    // A renamed folder keeps its watcher, and another may have taken its name: all are set anew.
    for (const folder of watchers.keys()) drop(folder);
    for (const folder of [root, ...foldersBelow(root)]) {
      try {
        add(folder);
      } catch (error) {
        if (!isGone(error)) failed(error instanceof Error ? error : new Error(String(error)));
      }
    }
  };
  follow();
  return {
    close: () => {
      for (const folder of watchers.keys()) drop(folder);
    },
  };
}

function foldersBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      .flatMap(({ name }) => [join(folder, name), ...foldersBelow(join(folder, name))]);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Vanished between listing and watching. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
