import { AtlasError } from '../contract/atlasError.ts';
import type { Migration } from './migrationFiles.ts';

/** A row of `atlas_migration`. */
export interface Applied {
  readonly scope: string;
  readonly name: string;
  readonly checksum: string;
}

const TRANSACTION = /^\s*(BEGIN|COMMIT|ROLLBACK|START\s+TRANSACTION)\s*(TRANSACTION|WORK)?\s*;/im;

/**
 * The migrations that are still to be applied, in order. Throws ATLAS_MIGRATION if the files contradict what was
 * applied: an applied file must not change or disappear, and no file may be inserted before it.
 */
export function checkApplied(files: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  const known = new Map(applied.map((row) => [`${row.scope}/${row.name}`, row.checksum]));
  const pending: Migration[] = [];
  for (const file of files) {
    const name = `${file.scope}/${file.name}`;
    const checksum = known.get(name);
    known.delete(name);
    if (checksum === undefined) {
      if (TRANSACTION.test(file.text))
        throw refusal(`${name} begins or ends a transaction: remove that, each file runs in a transaction of its own`);
      pending.push(file);
    } else if (checksum !== file.checksum) {
      throw refusal(`${name} has changed since it was applied: restore its text, and write a new migration`);
    } else {
      const late = pending.find(({ scope }) => scope === file.scope);
      if (late)
        throw refusal(
          `${late.scope}/${late.name} is numbered below ${file.name}, which was applied: give it the next number`,
        );
    }
  }
  const [gone] = known.keys();
  if (gone !== undefined)
    throw refusal(
      `${gone} was applied to this database but its file is missing: is this release older than the database?`,
    );
  return pending;
}

function refusal(message: string): AtlasError {
  return new AtlasError('ATLAS_MIGRATION', message);
}
