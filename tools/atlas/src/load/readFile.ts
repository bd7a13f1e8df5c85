import { readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep, isAbsolute } from 'node:path';

export type FileText =
  | { readonly text: string }
  | { readonly problem: 'missing' | 'not-a-file' | 'too-big' | 'not-utf8' | 'outside' | 'loop' | 'unreadable' };

/**
 * Reads a UTF-8 text file below `root` of at most `maxBytes`. Links out of `root`, pipes, folders and other bytes are
 * problems.
 */
export async function readSource(root: string, file: string, maxBytes: number): Promise<FileText> {
  try {
    const path = await realpath(join(root, file));
    if (!isBelow(await realpath(root), path)) return { problem: 'outside' };
    const info = await stat(path);
    if (!info.isFile()) return { problem: 'not-a-file' };
    if (info.size > maxBytes) return { problem: 'too-big' };
    return decodeUtf8(await readFile(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ELOOP') return { problem: 'loop' };
    return { problem: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable' };
  }
}

/** Text without a byte order mark. */
function decodeUtf8(bytes: Uint8Array): FileText {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'not-utf8' };
  }
}

function isBelow(root: string, path: string): boolean {
  const relativePath = relative(root, path);
  return relativePath !== '..' && !relativePath.startsWith(`..${sep}`) && !isAbsolute(relativePath);
}
