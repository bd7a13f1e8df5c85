import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { outboxFiles, type Migration } from '@atlas/templates/outbox';

const parent = fileURLToPath(new URL('../../../../.atlas/test/', import.meta.url));

/**
 * The plumbing's migrations as the toolkit prints them, in a folder whose name is the digest of its content. Concurrent
 * processes share it, and it need not be removed. By default, `list` is the toolkit's own list.
 */
export function outboxFolder(list?: readonly Migration[]): URL {
  const files = outboxFiles({ name: 'bookings' }, list);
  const folder = join(
    parent,
    `outbox-${createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16)}`,
  );
  if (!existsSync(folder)) fill(folder, files);
  return pathToFileURL(`${folder}/`);
}

/** The folder gets its final name when it is complete. If another process was faster, that process's folder is used. */
function fill(folder: string, files: ReturnType<typeof outboxFiles>): void {
  mkdirSync(parent, { recursive: true });
  const draft = mkdtempSync(join(parent, 'draft-'));
  for (const { path, text } of files) writeFileSync(join(draft, path), text);
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}
