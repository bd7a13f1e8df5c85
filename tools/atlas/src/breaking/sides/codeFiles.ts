import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { limits } from '../../document/limits.ts';
import { shownPath, type Side } from './side.ts';

/** Files of one folder of code that are read. */
const MOST_FILES = 2_000;

export interface CodeFile {
  /** The path as the report shows it. */
  readonly shown: string;
  readonly text: string;
}

/**
 * The TypeScript files below a folder, relative to the configuration's folder: without tests, declarations and
 * installed packages. None if the folder does not exist.
 */
export async function codeFilesIn(side: Side, folder: string): Promise<readonly CodeFile[]> {
  const root = join(side.workspace.root, folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && /(?<!\.spec|\.d)\.[cm]?ts$/.test(entry.name))
    .map((entry) => posix.join(folder, join(entry.parentPath, entry.name).slice(root.length + 1)))
    .filter((file) => !file.includes('/node_modules/'))
    .toSorted();
  const found: CodeFile[] = [];
  for (const file of files.slice(0, MOST_FILES)) {
    const text = await readFile(join(side.workspace.root, file), 'utf8');
    if (text.length <= limits.fileBytes) found.push({ shown: shownPath(side, file), text });
  }
  return found;
}
