import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projections } from './index.ts';

const migrations = new URL('../../migrations/', import.meta.url);

/** Tables that are not made from events. A rebuild does not change them. */
const OWN = ['projection', 'rebuild_run'];

describe('the tables of the migrations', () => {
  it('belong to exactly one projection each', () => {
    const made = readdirSync(migrations)
      .filter((name) => name.endsWith('.sql'))
      .flatMap((name) => readFileSync(new URL(name, migrations), 'utf8').match(/(?<=^CREATE TABLE )\w+/gm) ?? [])
      .filter((name) => !OWN.includes(name));
    expect(projections.flatMap(({ tables }) => tables).sort()).toEqual(made.sort());
  });

  it('belong to projections with names of their own', () => {
    const names = projections.map(({ name }) => name);
    expect([...new Set(names)]).toEqual(names);
  });
});
