import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { PGlite } from '@electric-sql/pglite';

/**
 * Starts PostgreSQL as WebAssembly (PGlite) with an empty database. Creating one takes three seconds of processor time,
 * so the first process keeps it in the user's cache folder, and later ones begin with that copy.
 */
export async function startPostgres(env: NodeJS.ProcessEnv = process.env): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  const file = cacheFile(env);
  const data = readKept(file);
  if (data !== undefined) return PGlite.create({ loadDataDir: new Blob([data]) });
  const pg = await PGlite.create();
  const dump = await pg.dumpDataDir('none');
  keep(file, Buffer.from(await dump.arrayBuffer()));
  return pg;
}

/** Each version of PGlite has a file of its own, because another one may not read it. */
function cacheFile(env: NodeJS.ProcessEnv): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : undefined;
  const { XDG_CACHE_HOME: cache = '' } = env;
  return join(cache === '' ? join(homedir(), '.cache') : cache, 'atlas', `pglite-${String(version)}.tar.gz`);
}

/** What `keep` has written. Undefined if there is nothing, or if it is damaged, which its checksum shows. */
export function readKept(file: string): Buffer<ArrayBuffer> | undefined {
  try {
    return Buffer.from(gunzipSync(readFileSync(file)));
  } catch {
    return undefined;
  }
}

/** Another process never sees half of it. A folder that can't be written to only costs time. */
export function keep(file: string, data: Uint8Array): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const half = `${file}.${process.pid}`;
    writeFileSync(half, gzipSync(data, { level: 1 }));
    renameSync(half, file);
  } catch {
    // the next process creates the database again
  }
}
