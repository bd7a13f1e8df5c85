import { readdir, readFile } from 'node:fs/promises';
import { AtlasError } from '../contract/atlasError.ts';
import { sha256 } from '../digest.ts';

/** `atlas` are the plumbing's migrations, `service` those that people wrote. `atlas` is applied first. */
export type Scope = 'atlas' | 'service';

export interface Migration {
  readonly scope: Scope;
  /** `0001_bookings.sql` */
  readonly name: string;
  readonly number: number;
  readonly text: string;
  /** SHA-256 of the text in hex. Line ends are taken as LF, so that a checkout with CRLF does not count as a change. */
  readonly checksum: string;
}

const NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

/**
 * The migrations of a folder, in order. Throws ATLAS_MIGRATION for a folder that is missing, a name that is not like
 * `NNNN_what_it_does.sql`, and a number that is used twice.
 */
export async function migrationFiles(scope: Scope, folder: URL): Promise<readonly Migration[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new AtlasError('ATLAS_MIGRATION', `cannot read the folder of ${scope} migrations ${folder.pathname}`, {
      cause: error,
    });
  });
  const migrations: Migration[] = [];
  for (const name of names.filter((entry) => entry.endsWith('.sql')).toSorted()) {
    const number = NAME.exec(name)?.[1];
    if (number === undefined)
      throw new AtlasError(
        'ATLAS_MIGRATION',
        `the name of ${scope} migration ${name} is not like 0001_what_it_does.sql`,
      );
    if (migrations.at(-1)?.number === Number(number))
      throw new AtlasError(
        'ATLAS_MIGRATION',
        `two ${scope} migrations have the number ${number}: ${name} is one of them`,
      );
    const text = (await readFile(new URL(name, folder), 'utf8')).replaceAll('\r\n', '\n');
    const checksum = sha256(text);
    migrations.push({ scope, name, number: Number(number), text, checksum });
  }
  return migrations;
}

/** The migrations of both scopes, in the order in which they are applied. */
export async function allMigrations(atlas: URL, service: URL | undefined): Promise<readonly Migration[]> {
  return [...(await migrationFiles('atlas', atlas)), ...(service ? await migrationFiles('service', service) : [])];
}
