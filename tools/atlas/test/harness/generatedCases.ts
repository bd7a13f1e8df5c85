import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { generateFiles } from '../../src/pipeline.ts';
import { caseFolder, exists } from './caseFolder.ts';
import { noCompiling, toolkit } from './repository.ts';

/** A request of `requests.json` in a case folder, and a part of the answer that it must get. */
export interface CaseRequest {
  readonly title: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** What the handler answers; by default 200 with the body or the query that it got, or with a text. */
  readonly handler?: unknown;
  /** The roles of the client; by default all that the service names. */
  readonly roles?: readonly string[];
  readonly gets: object;
}

export interface CaseAnswers {
  /** Why the service does not boot. */
  readonly error?: string;
  readonly answers: readonly unknown[];
}

/** The generated code of several case folders in one folder, in which tsc and Node find the runtime. */
export interface GeneratedCases {
  /** The errors of tsc for all of them, in one program; empty if they compile. */
  errors(): Promise<string>;
  /** Boots the service of each case and sends it the requests. */
  ask(
    cases: readonly { readonly name: string; readonly requests: readonly CaseRequest[] }[],
  ): Promise<readonly CaseAnswers[]>;
  remove(): Promise<void>;
}

/** Generates the cases, whose service is `x`. A refused case has no code, so it does not boot. */
export async function generatedCases(names: readonly string[]): Promise<GeneratedCases> {
  const configs = new Map(names.map((name) => [name, join(caseFolder(name), 'specs/atlas.config.yaml')]));
  const generated = await generatedServices(configs);
  for (const name of names) {
    const app = join(caseFolder(name), 'app');
    if (await exists(app)) await cp(app, join(generated.folder, name, 'app'), { recursive: true });
  }
  return generated;
}

/** The same for configurations by name, wherever they are. */
export async function generatedServices(
  configs: ReadonlyMap<string, string>,
): Promise<GeneratedCases & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-generated-'));
  const options = { extends: join(toolkit, 'tsconfig.base.json'), include: ['*/generated', '*/app', '*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(options));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  for (const [target, path] of LINKS) {
    await mkdir(dirname(join(folder, 'node_modules', path)), { recursive: true });
    await symlink(join(toolkit, target), join(folder, 'node_modules', path));
  }
  for (const [name, config] of configs) await generateInto(join(folder, name), config);
  return {
    folder,
    errors: () =>
      new Promise((resolve) =>
        execFile(join(toolkit, 'node_modules/.bin/tsc'), ['-p', '.', '--pretty', 'false'], { cwd: folder }, (_, out) =>
          resolve(out),
        ),
      ),
    async ask(cases) {
      const child = spawn(process.execPath, ['--import', noCompiling, askCases], {
        cwd: folder,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const given = cases.map(({ name, requests }) => ({
        module: join(folder, name, 'generated/x/index.ts'),
        requests,
      }));
      child.stdin.end(JSON.stringify(given));
      const answers: readonly CaseAnswers[] = JSON.parse(await text(child.stdout));
      return answers;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const askCases = fileURLToPath(new URL('./askCases.mjs', import.meta.url));

const LINKS = [
  ['tools/runtime', '@atlas/runtime'],
  ['node_modules/@types/node', '@types/node'],
] as const;

async function generateInto(folder: string, config: string): Promise<void> {
  const { files } = await generateFiles(
    config,
    () => {},
    async () => new Map(),
  );
  if (!files) return;
  for (const { path, text: content } of files) {
    await mkdir(dirname(join(folder, 'generated', path)), { recursive: true });
    await writeFile(join(folder, 'generated', path), content);
  }
}

/** The requests of a case; none if it has no `requests.json`. */
export async function requestsOf(name: string): Promise<readonly CaseRequest[]> {
  const path = join(caseFolder(name), 'requests.json');
  if (!(await exists(path))) return [];
  const requests: readonly CaseRequest[] = JSON.parse(await readFile(path, 'utf8'));
  return requests;
}
