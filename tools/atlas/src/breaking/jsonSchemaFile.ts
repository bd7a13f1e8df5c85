import type { Reading } from '../read/avro/levels.ts';
import type { Draft } from './draft.ts';
import { compareSchemas } from './report/compareSchemas.ts';
import { draftOf } from './report/draftOf.ts';
import { withReleases } from './releases.ts';
import type { Cause, CompareOptions, Direction } from './schemas.ts';
import { shownPath, type FileSide } from './sides/side.ts';
import { versionOf, type Version } from './sides/version.ts';
import type { Dialect } from '../jsonschema/keywords.ts';

/** A JSON Schema file as the engine reads it. */
export function jsonSchemaOf(side: FileSide, dialect: Dialect): Version {
  return versionOf(side.workspace, side.file, dialect, (path) => shownPath(side, path), false);
}

/** What the engine calls the two readings: a value that the old side writes, or the new one. */
export const DIRECTIONS: Readonly<Record<Reading, Direction>> = { backward: 'request', forward: 'response' };

/** Compares two versions of a JSON Schema file. Each finding shows `file` as reached. */
export function compareJsonSchemas(
  old: Version,
  next: Version,
  readings: readonly Reading[],
  file: string,
  options: CompareOptions,
): readonly Draft[] {
  const pairs = readings.map((reading) => ({
    id: reading,
    direction: DIRECTIONS[reading],
    old: { pointer: '' },
    new: { pointer: '' },
  }));
  const { causes } = compareSchemas(old, next, pairs, options);
  return causes.map((cause) =>
    draftOf(cause, old, next, {
      protocol: 'events',
      reaches: [file],
      safePath: withReleases(jsonSafePath(cause, 'the readers', 'the writers'), {}),
    }),
  );
}

/** The steps that reach the same goal without a break. */
export function jsonSafePath({ directions }: Cause, readers: string, writers: string): readonly string[] {
  if (directions.includes('response'))
    return [
      `let ${readers} accept both the old and the new values, and deploy them`,
      `let ${writers} write the new values`,
    ];
  return [`let ${readers} accept the old values as long as old data may be read`, `let ${readers} refuse them`];
}
