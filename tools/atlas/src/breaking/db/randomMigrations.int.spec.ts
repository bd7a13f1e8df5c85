import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStack } from '@atlas/stack';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load } from '../../load/load.ts';
import type { BreakingFinding } from '../finding.ts';
import type { Side } from '../sides/side.ts';
import { dice, type Dice } from '../testing/dice.ts';
import { codeOf, migrationOf, randomStatements, randomTables, sentStatement } from '../testing/randomTables.ts';
import { randomMigration } from '../testing/tableEdits.ts';
import { TwoSchemas } from '../testing/twoSchemas.ts';
import { compareTables } from './compareTables.ts';

/** Pairs of migrations. The variables `RUNS` and `SEED` set other values. */
const PAIRS = Number(process.env['RUNS'] ?? 30);
const SEED = Number(process.env['SEED'] ?? 15_001);
/** Random statements that attack each pair. */
const ATTACKS = 60;

/** In milliseconds. It ends a test that hangs. */
const LIMIT = 120_000 + PAIRS * 3_000;

/** Warnings that say nothing about whether statements work. */
const LOCKS: ReadonlySet<string> = new Set(['index-locks-writes', 'constraint-scans-table', 'table-rewritten']);

let folder = '';
let schemas: TwoSchemas;
let side: Side;

const CONFIG = `version: 1
migrations: migrations/{service}
statements: [src]
services:
  tickets: { openapi: api.yaml }
`;

beforeAll(async () => {
  const stack = readStack();
  if (!stack) throw new Error('no Postgres: run `make up` first');
  schemas = await TwoSchemas.open(stack.postgres.adminUrl);
  folder = await mkdtemp(join(tmpdir(), 'atlas-migrations-'));
  await writeFile(join(folder, 'atlas.config.yaml'), CONFIG);
  await writeFile(join(folder, 'api.yaml'), 'openapi: 3.1.0\ninfo: { title: T, version: 1.0.0 }\npaths: {}\n');
  const { workspace } = await load(join(folder, 'atlas.config.yaml'));
  if (!workspace) throw new Error('the configuration of the test has errors');
  side = { workspace, folder: '' };
});
afterAll(async () => {
  await schemas?.close();
  if (folder !== '') await rm(folder, { recursive: true });
});

/** A side of the comparison with these files. */
async function sideOf(name: string, files: Readonly<Record<string, string>>): Promise<Side> {
  const root = join(folder, name);
  await rm(root, { recursive: true, force: true });
  for (const sub of ['migrations/tickets', 'src']) await mkdir(join(root, sub), { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
  return { workspace: { ...side.workspace, root }, folder: name };
}

interface Judged {
  readonly findings: readonly BreakingFinding[];
  /** What contradicts the findings. */
  readonly wrong: readonly string[];
  readonly shown: string;
  readonly attacks: number;
}

/** Compares a random pair, and holds the findings against a real server. */
async function judged(dice: Dice): Promise<Judged> {
  const tables = randomTables(dice);
  const statements = randomStatements(dice, tables);
  const { edits, sql } = randomMigration(dice, tables);
  const [first, code] = [migrationOf(tables), codeOf(statements)];
  const released = { 'migrations/tickets/0001_tables.sql': first, 'src/statements.ts': code };
  const old = await sideOf('old', released);
  const next = await sideOf('new', { ...released, 'migrations/tickets/0002_change.sql': sql });
  const { findings } = await compareTables(old, next, 'tickets');
  const refused = await schemas.make(first, sql);
  const wrong: string[] = [];
  const isRefused = findings.some(({ change }) => change === 'migration-refused');
  if (isRefused !== (refused !== undefined)) wrong.push(`the server says about the migration: ${refused ?? 'ok'}`);
  let attacks = 0;
  if (refused === undefined) {
    for (const finding of findings) {
      const why = finding.severity === 'error' ? await schemas.unfit(finding, edits.length === 1) : undefined;
      if (why !== undefined) wrong.push(`${finding.change}: ${why}`);
    }
    const isSafe = findings.every(({ severity, change }) => severity === 'info' || LOCKS.has(change));
    for (const end = isSafe ? ATTACKS : 0; attacks < end && wrong.length === 0; attacks++) {
      const sent = [0, ...(dice.once(4) ? [1] : [])].map(() => sentStatement(dice, dice.pick(statements)));
      const why = await schemas.broken(sent.join('; '));
      if (why !== undefined) wrong.push(`nothing was found, but ${sent.join('; ')} fails: ${why}`);
    }
  }
  const said = findings.map(({ severity, change, message }) => `${severity} ${change}: ${message}`);
  return { findings, wrong, attacks, shown: [edits.join(', '), first, sql, code, ...said].join('\n') };
}

describe('the verdict on a random migration', () => {
  it(
    'is right: no statement of the old code breaks a compatible version, and each break has a proof',
    async () => {
      const seen = { pairs: 0, breaking: 0, unproven: 0, attacks: 0 };
      await fc.assert(
        fc.asyncProperty(dice, async (dice) => {
          const { findings, wrong, shown, attacks } = await judged(dice);
          seen.pairs += 1;
          seen.attacks += attacks;
          if (findings.some(({ severity }) => severity === 'error')) seen.breaking += 1;
          else if (findings.some(({ severity, change }) => severity === 'warning' && !LOCKS.has(change)))
            seen.unproven += 1;
          expect(wrong, shown).toEqual([]);
        }),
        { numRuns: PAIRS, seed: SEED, endOnFailure: true },
      );
      expect(seen.breaking).toBeGreaterThan(seen.pairs / 4);
      expect(seen.attacks).toBeGreaterThan(seen.pairs * 5);
      expect(seen.unproven).toBeLessThan(seen.pairs / 2);
    },
    LIMIT,
  );
});
