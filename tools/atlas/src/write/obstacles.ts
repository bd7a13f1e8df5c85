import { lstat, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { parents } from './outputFolder.ts';

/**
 * ATL7004, ATL7005: what is in the way of the folders and files below `out`. Writing through a link would leave
 * the output folder; only `out` itself may be a link. `out` is relative to `root`, the configuration's folder.
 */
export async function obstacles(root: string, out: string, paths: readonly string[]): Promise<readonly Diagnostic[]> {
  const info = await stat(join(root, out)).catch(() => undefined);
  if (info && !info.isDirectory()) return [fileFinding(out)];
  const folders = [...new Set(paths.flatMap(parents))].toSorted();
  const blocked = await Promise.all(folders.map(async (path) => inPlaceOfFolder(root, posix.join(out, path))));
  const found = blocked.flat();
  if (found.length > 0) return found;
  return (await Promise.all(paths.map(async (path) => inPlaceOfFile(root, posix.join(out, path))))).flat();
}

async function inPlaceOfFolder(root: string, path: string): Promise<readonly Diagnostic[]> {
  const info = await lstat(join(root, path)).catch(() => undefined);
  if (!info || info.isDirectory()) return [];
  return info.isSymbolicLink()
    ? [finding('ATL7004', 'an output folder is a symbolic link', path, 'remove the link; atlas creates the folder')]
    : [fileFinding(path)];
}

async function inPlaceOfFile(root: string, path: string): Promise<readonly Diagnostic[]> {
  // Follows a link, because the file is read before it is replaced.
  const info = await stat(join(root, path)).catch(() => undefined);
  if (!info || info.isFile()) return [];
  const fix = 'remove it; atlas creates the file';
  return [finding('ATL7005', 'atlas generates a file here, but there is a folder or a special file', path, fix)];
}

function fileFinding(path: string): Diagnostic {
  return finding(
    'ATL7005',
    'atlas needs a folder here, but there is a file',
    path,
    'remove the file, or choose another output folder (out)',
  );
}

function finding(code: string, message: string, file: string, fix: string): Diagnostic {
  return { code, severity: 'error', message, loc: { file, line: 1, column: 1, pointer: '' }, fix };
}
