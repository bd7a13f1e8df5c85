import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRecord, parseJson } from './json.ts';

interface NotedWork {
  /** The file of the note. It should be deleted together with what the work makes. */
  readonly note: string;
  /** Of everything that decides what the work makes. */
  readonly digest: string;
  /** Whether everything is still there that the work has made, which is what `work` resolved to, as JSON. */
  readonly isThere: (made: unknown) => Promise<boolean>;
  readonly work: () => Promise<unknown>;
}

/**
 * Does work that has the same result each time, unless an earlier call has noted that it did it with the same digest
 * and the result is still there. Resolves to whether it has worked.
 */
export async function notedWork({ note, digest, isThere, work }: NotedWork): Promise<boolean> {
  const noted = existsSync(note) ? parseJson(readFileSync(note, 'utf8')) : undefined;
  if (isRecord(noted) && noted['digest'] === digest && (await isThere(noted['made']))) return false;
  // Removed first, because work that fails may have been done in part.
  rmSync(note, { force: true });
  const made = await work();
  mkdirSync(dirname(note), { recursive: true });
  writeFileSync(note, JSON.stringify({ digest, made }));
  return true;
}
