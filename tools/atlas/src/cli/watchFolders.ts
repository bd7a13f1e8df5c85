import { readdirSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/**
 * Calls `changed` for every change below a folder, with one watcher per folder. On Linux, Node's own recursive watch
 * follows the inodes of files, so it misses changes once an editor has replaced a file by renaming another.
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
      // Something was added, removed or renamed, and it may be a folder.
      if (event === 'rename') follow();
    });
    // The folder is gone; the watcher of its parent reports that.
    watcher.on('error', () => drop(folder));
    watchers.set(folder, watcher);
  };
  const follow = (): void => {
    // A renamed folder keeps its watcher, and another may have its name now. So all watchers are replaced.
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

/** Whether a folder was removed between listing and watching. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
