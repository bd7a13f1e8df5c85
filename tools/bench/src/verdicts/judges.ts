import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documents } from './documents.ts';
import type { Pair } from './pair.ts';

/** `breaks` and `fine` are verdicts; `unsure` asks people to look. */
export type Verdict = 'breaks' | 'fine' | 'unsure';

/** The verdict on each pair, by its id. */
export type Verdicts = ReadonlyMap<string, Verdict>;

const ATLAS = join(import.meta.dirname, '../../../atlas/bin/atlas.js');

interface AtlasReport {
  readonly findings: readonly {
    readonly severity: 'error' | 'warning' | 'info';
    readonly reaches: readonly string[];
  }[];
}

/** The verdicts of `atlas breaking`: an error breaks, a warning is unsure. */
export function atlasVerdicts(pairs: readonly Pair[]): Verdicts {
  return judged(pairs, (old, next) => {
    const output = run(process.execPath, [ATLAS, 'breaking', old, next, '--format', 'json'], [0, 100]);
    // cast: `atlas breaking` promises this JSON form.
    const { findings } = JSON.parse(output) as AtlasReport;
    return findings.flatMap(({ severity, reaches }) =>
      reaches.map((operation) => ({ path: operation.slice('POST '.length), verdict: OF_SEVERITY[severity] })),
    );
  });
}

const OF_SEVERITY = { error: 'breaks', warning: 'unsure', info: 'fine' } as const;

/** The program whose verdicts stand beside those of Atlas, as the page names it. */
export const PEER = 'oasdiff 1.37';

/** The verdicts of oasdiff with its defaults: level 3 (ERR) breaks, level 2 (WARN) is unsure. */
export function oasdiffVerdicts(program: string, pairs: readonly Pair[]): Verdicts {
  return judged(pairs, (old, next) => {
    // cast: the JSON form of oasdiff 1.37.
    const findings = JSON.parse(run(program, ['breaking', '-f', 'json', old, next], [0])) as readonly {
      readonly level: number;
      readonly path: string;
    }[];
    return findings.map(({ level, path }) => ({
      path,
      verdict: level === 3 ? 'breaks' : level === 2 ? 'unsure' : 'fine',
    }));
  });
}

interface Said {
  readonly path: string;
  readonly verdict: Verdict;
}

function judged(pairs: readonly Pair[], judge: (old: string, next: string) => readonly Said[]): Verdicts {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-verdicts-'));
  try {
    const paths = documents(pairs).map((document, index) => {
      const path = join(folder, `${index}.json`);
      writeFileSync(path, JSON.stringify(document));
      return path;
    });
    const said = judge(paths[0] ?? '', paths[1] ?? '');
    return new Map(pairs.map(({ id }) => [id, worst(said.filter(({ path }) => path === `/${id}`))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function worst(said: readonly Said[]): Verdict {
  const has = (verdict: Verdict): boolean => said.some((each) => each.verdict === verdict);
  return has('breaks') ? 'breaks' : has('unsure') ? 'unsure' : 'fine';
}

function run(program: string, args: readonly string[], good: readonly number[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error !== undefined) throw error;
  if (status === null || !good.includes(status)) throw new Error(`${program} exits with ${status}: ${stderr}`);
  return stdout;
}
