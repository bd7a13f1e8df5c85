import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob, relative } from 'node:path';
import { text } from 'node:stream/consumers';

/** The files of an image, in a folder. */
export interface ImageTree extends AsyncDisposable {
  /** What is WORKDIR in a container. */
  readonly folder: string;
  readonly entrypoint: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The commands that prepare the container, in their order. They need the rights of root. */
  readonly prepares: readonly string[];
  /** The user who runs the programs. */
  readonly user: string;
  readonly workdir: string;
}

interface Stage {
  /** The stage that it begins with; undefined if that is an image from outside. */
  readonly from: Stage | undefined;
  readonly steps: readonly Step[];
}

interface Step {
  readonly instruction: string;
  readonly rest: string;
}

/**
 * Makes the files that building a target of a Dockerfile would put into the image, without an engine. The steps of
 * stages that others copy from run as they are, in the folder of the stage. Those of the stages below the target itself
 * only prepare the container (folders, user), and are returned. Throws for a step that it does not know.
 */
export async function imageTree(repository: string, dockerfile: string, target: string): Promise<ImageTree> {
  const stages = stagesOf(await readFile(join(repository, dockerfile), 'utf8'));
  const isIgnored = ignoring(await readFile(join(repository, `${dockerfile}.dockerignore`), 'utf8'));
  const folder = await mkdtemp(join(tmpdir(), 'atlas-image-'));
  const env: Record<string, string> = {};
  let entrypoint: readonly string[] = [];
  const prepares: string[] = [];
  let [user, workdir] = ['root', '/'];
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    for (const { instruction, rest } of stepsOf(stageOf(stages, target))) {
      if (instruction === 'ENTRYPOINT') entrypoint = JSON.parse(rest);
      else if (instruction === 'ENV') Object.assign(env, variables(rest));
      else if (instruction === 'RUN') prepares.push(rest);
      else if (instruction === 'USER') user = rest;
      else if (instruction === 'WORKDIR') workdir = rest;
      else if (instruction === 'COPY') await fill(folder, stageOf(stages, copiedStage(rest)));
      else throw new Error(`no test knows ${instruction} ${rest}`);
    }
    return { folder, entrypoint, env, prepares, user, workdir, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }

  async function fill(into: string, stage: Stage): Promise<void> {
    const own: Record<string, string> = {};
    for (const { instruction, rest } of stepsOf(stage)) {
      if (instruction === 'ENV') Object.assign(own, variables(rest));
      else if (instruction === 'COPY' && rest === '. .') await copy(repository, into, isIgnored);
      else if (instruction === 'RUN') await run(rest, into, own);
      else if (instruction !== 'WORKDIR') throw new Error(`no test knows ${instruction} ${rest}`);
    }
  }
}

function stagesOf(dockerfile: string): ReadonlyMap<string, Stage> {
  const stages = new Map<string, Stage>();
  let steps: Step[] = [];
  const lines = dockerfile.replaceAll(/^#.*\n/gm, '').replaceAll('\\\n', ' ');
  for (const [, instruction = '', rest = ''] of lines.matchAll(/^([A-Z]+) +(.*)$/gm)) {
    const [, from = '', name = ''] = (instruction === 'FROM' && /^(\S+) AS (\S+)$/.exec(rest)) || [];
    if (name === '') steps.push({ instruction, rest });
    else stages.set(name, { from: stages.get(from), steps: (steps = []) });
  }
  return stages;
}

function stageOf(stages: ReadonlyMap<string, Stage>, name: string): Stage {
  const stage = stages.get(name);
  if (!stage) throw new Error(`the Dockerfile has no stage ${name}`);
  return stage;
}

function stepsOf({ from, steps }: Stage): readonly Step[] {
  return [...(from ? stepsOf(from) : []), ...steps];
}

/** The whole working folder of another stage: nothing else is copied into an image. */
function copiedStage(rest: string): string {
  const [, stage] = /^--from=(\S+) \/atlas \/atlas$/.exec(rest) ?? [];
  if (stage === undefined) throw new Error(`no test knows COPY ${rest}`);
  return stage;
}

function variables(rest: string): Record<string, string> {
  return Object.fromEntries([...rest.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]));
}

/** The last pattern counts that a path or a folder above it matches (docs.docker.com, "dockerignore files"). */
function ignoring(patterns: string): (path: string) => boolean {
  const rules = patterns.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return (path) => {
    const names = path.split('/');
    const paths = names.map((_, index) => names.slice(0, index + 1).join('/'));
    const rule = rules.findLast((one) =>
      paths.some((above) => matchesGlob(dotless(above), dotless(one.replace(/^!/, '')))),
    );
    return rule !== undefined && !rule.startsWith('!');
  };
}

/** A star of such a file matches names that begin with a dot as well, which one of Node does not. */
function dotless(path: string): string {
  return path.replaceAll(/(^|\/)\./g, '$1dot-');
}

async function copy(repository: string, into: string, isIgnored: (path: string) => boolean): Promise<void> {
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const from = join(folder, entry.name);
      const path = relative(repository, from);
      if (isIgnored(path)) continue;
      if (entry.isDirectory()) await walk(from);
      else {
        await mkdir(dirname(join(into, path)), { recursive: true });
        await cp(from, join(into, path), { verbatimSymlinks: true });
      }
    }
  };
  await walk(repository);
}

async function run(line: string, cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn('sh', ['-c', line], { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`${line}\n${out}${err}`);
}
