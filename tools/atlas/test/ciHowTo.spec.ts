import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { caseFolder } from './harness/caseFolder.ts';

const repository = resolve(import.meta.dirname, '../../..');

/** The page of the how-to, whose commands are run as written. With UPDATE=1, their output is written into the page. */
const path = join(repository, 'docs/how-to/check-compatibility-in-ci.md');
const page = await readFile(path, 'utf8');
const update = process.env['UPDATE'] === '1';

/** The fenced blocks of a language. A block that contains a fence has a longer one around it. */
function blocksOf(language: string, text: string): readonly string[] {
  const fences = new RegExp(`^(\`{3,})${language}\\n(.*?)^\\1$`, 'gms');
  return [...text.matchAll(fences)].map(([, , block]) => block ?? '');
}

/** Compares what a command printed with a block of the page. */
async function compareBlock(language: string, index: number, printed: string): Promise<void> {
  const before = await readFile(path, 'utf8');
  const shown = `${language}\n${blocksOf(language, before)[index] ?? ''}`;
  if (update)
    await writeFile(
      path,
      before.replace(shown, () => `${language}\n${printed}`),
    );
  expect(printed).toBe(blocksOf(language, await readFile(path, 'utf8'))[index]);
}

interface Step {
  readonly run?: string;
  readonly if?: string;
}

interface Github {
  readonly jobs: { readonly breaking: { readonly steps: readonly Step[] } };
}

interface Gitlab {
  readonly breaking: {
    readonly script: readonly string[];
    readonly artifacts: { readonly reports: { readonly junit: string } };
  };
}

const [githubText = '', gitlabText = ''] = blocksOf('yaml', page);
const github: Github = parse(githubText);
const gitlab: Gitlab = parse(gitlabText);

/** What a command prints and how it ends. */
interface Ran {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A bare repository with the branches `main`, `change` (which breaks) and `words` (which does not). */
let remote = '';
const folders: string[] = [];

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-ci-'));
  folders.push(folder);
  return folder;
}

const AUTHOR = ['-c', 'user.name=Kim', '-c', 'user.email=kim@tickets.example', '-c', 'commit.gpgsign=false'];

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', [...AUTHOR, ...args], { cwd, encoding: 'utf8' });
}

/** Another page is about installing. Here the packages of this repository are used. */
const MAKEFILE = 'install:\n\t@ln -sfn "$(ATLAS_MODULES)" node_modules\n';

beforeAll(async () => {
  const work = await temporary();
  const { specs, programs } = { specs: join(work, 'specs'), programs: join(work, 'programs') };
  const from = join(caseFolder('http-consumers'), 'specs');
  const commit = (branch: string, message: string): void => {
    git(work, 'add', '--all');
    git(work, 'commit', '-q', '-m', message);
    git(work, 'push', '-q', remote, `HEAD:refs/heads/${branch}`);
  };
  remote = join(await temporary(), 'bookings.git');
  git(work, 'init', '-q', '--bare', '-b', 'main', remote);
  git(work, 'init', '-q', '-b', 'main');
  await cp(join(from, 'old'), specs, { recursive: true });
  await cp(join(from, 'programs'), programs, { recursive: true });
  await writeFile(join(work, 'Makefile'), MAKEFILE);
  await writeFile(join(work, '.gitignore'), 'node_modules\n*.xml\n*.sarif\n');
  commit('main', 'First');
  const spec = join(specs, 'bookings.yaml');
  const text = await readFile(spec, 'utf8');
  await writeFile(spec, text.replace('The bookings.', 'All bookings.'));
  commit('words', 'Say it in other words');
  // Only one of the breaks of the case, so that the page stays short.
  await writeFile(spec, text.replace('required: [seat], ', ''));
  commit('change', 'Allow a booking without a seat');
});
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** Runs lines as a CI system does: in one shell that ends at the first line that fails. */
function run(cwd: string, script: string, env: Readonly<Record<string, string>>): Ran {
  const bin = join(repository, 'node_modules/.bin');
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      ATLAS_MODULES: join(repository, 'node_modules'),
      NO_COLOR: '1',
      ...env,
    },
  });
  return { exit: status, stdout, stderr };
}

/** What actions/checkout leaves with `fetch-depth: 0`: all branches of the remote, and the change. */
async function checkedOut(branch: string): Promise<string> {
  const clone = join(await temporary(), 'clone');
  git('/', 'clone', '-q', '--branch', branch, `file://${remote}`, clone);
  return clone;
}

/** Runs the steps of a job. After one has failed, only those with `if: always()` run. */
function steps(clone: string, env: Readonly<Record<string, string>>): readonly (Ran & { readonly script: string })[] {
  const ran: (Ran & { script: string })[] = [];
  for (const { run: script, if: condition } of github.jobs.breaking.steps) {
    if (script === undefined || (condition !== 'always()' && ran.some(({ exit }) => exit !== 0))) continue;
    ran.push({ script, ...run(clone, script, env) });
  }
  return ran;
}

describe('the how-to for CI', () => {
  it('has a workflow for GitHub that ends with 100, and prints what the page shows', async () => {
    const clone = await checkedOut('change');
    const summary = join(await temporary(), 'summary.md');
    const ran = steps(clone, { GITHUB_BASE_REF: 'main', GITHUB_STEP_SUMMARY: summary });
    expect(
      ran.map(({ exit }) => exit),
      JSON.stringify(ran),
    ).toEqual([0, 100, 0, 0]);
    await compareBlock('text', 0, ran[1]?.stdout ?? '');
    await compareBlock('text', 1, await readFile(summary, 'utf8'));
    const sarif: { runs: { results: unknown[] }[] } = JSON.parse(await readFile(join(clone, 'breaking.sarif'), 'utf8'));
    expect(sarif.runs.map(({ results }) => results.length)).toEqual([1]);
  });

  it('has a job for GitLab that ends with 100, and writes the report that the page shows', async () => {
    const clone = await checkedOut('change');
    const { exit, stderr } = run(clone, gitlab.breaking.script.join('\n'), {
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
    });
    expect(exit, stderr).toBe(100);
    await compareBlock('xml', 0, await readFile(join(clone, gitlab.breaking.artifacts.reports.junit), 'utf8'));
  });

  it('accepts a change of words in both', async () => {
    const clone = await checkedOut('words');
    const summary = join(await temporary(), 'summary.md');
    const ran = steps(clone, { GITHUB_BASE_REF: 'main', GITHUB_STEP_SUMMARY: summary });
    expect(ran.map(({ exit }) => exit)).toEqual([0, 0, 0, 0]);
    const script = gitlab.breaking.script.join('\n');
    expect(run(clone, script, { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' }).exit).toBe(0);
  });

  it('fails and says what to do if the clone has no history', async () => {
    const clone = join(await temporary(), 'clone');
    git('/', 'clone', '-q', '--depth', '1', '--branch', 'change', `file://${remote}`, clone);
    const ran = steps(clone, { GITHUB_BASE_REF: 'main', GITHUB_STEP_SUMMARY: join(await temporary(), 'summary.md') });
    expect(ran[1]).toMatchObject({ exit: 2 });
    expect(ran[1]?.stderr).toContain('in CI, fetch the ref first');
  });
});
