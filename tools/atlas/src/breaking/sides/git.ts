import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../diagnostics/usageError.ts';

/** A folder of a git repository, and the same folder at a commit. */
export interface GitFolder {
  /** Path of the folder in the repository, without slashes around it. */
  readonly prefix: string;
  /** Whether the folder is the same now, in the working tree, as at the commit. */
  isUnchanged(): Promise<boolean>;
  /** Writes the folder at the commit to a temporary folder, and gives its path. The caller removes it. */
  checkOut(): Promise<GitTree>;
  /** The commits up to this one that changed a file with the extension, newest first, and whether there are more. */
  history(extension: string, most: number): Promise<{ readonly commits: readonly string[]; readonly hasMore: boolean }>;
  /** As `checkOut`, for a commit of the history; undefined if the folder is not there. */
  checkOutAt(commit: string): Promise<GitTree | undefined>;
}

export type GitTree = { readonly path: string } & AsyncDisposable;

/** Finds a folder at a git ref. Throws a `UsageError` without git, outside a repository, and for an unknown ref. */
export async function gitFolder(folder: string, ref: string): Promise<GitFolder> {
  const place = await git(folder, ['rev-parse', '--show-toplevel', '--show-prefix']);
  if (place.code !== 0)
    throw new UsageError(`--against ${ref}: no such file or folder, and ${folder} is not in a git repository`);
  const [top = '', prefix = ''] = place.stdout.split('\n').map((line) => line.replace(/\/$/, ''));
  // A ref never begins with a dash, and git would take it for an option.
  const commit = ref.startsWith('-')
    ? undefined
    : await git(folder, ['rev-parse', '--verify', '-q', `${ref}^{commit}`]);
  if (commit?.code !== 0)
    throw new UsageError(
      `--against ${ref}: this is neither a file, a folder nor a git ref; git branch -a and git tag list what there is ` +
        '(in CI, fetch the ref first: a shallow clone has only one)',
    );
  const hash = commit.stdout.trim();
  const at = (commit: string): Promise<string | undefined> =>
    git(top, ['rev-parse', '--verify', '-q', `${commit}:${prefix}`]).then(({ code, stdout }) =>
      code === 0 ? stdout.trim() : undefined,
    );
  const tree = await at(hash);
  if (tree === undefined) throw new UsageError(`--against ${ref}: ${prefix} does not exist there; choose a later ref`);
  return {
    prefix,
    isUnchanged: async () => (await git(folder, ['diff', '--quiet', hash, '--', '.'])).code === 0,
    checkOut: () => checkOut(top, tree, ref),
    async history(extension, most) {
      const glob = `:(top,glob)${prefix === '' ? '' : `${prefix}/`}**/*${extension}`;
      const { stdout } = await git(top, ['rev-list', `--max-count=${most + 1}`, hash, '--', glob]);
      const hashes = stdout.split('\n').filter((line) => line !== '');
      return { commits: hashes.slice(0, most), hasMore: hashes.length > most };
    },
    async checkOutAt(commit) {
      const there = await at(commit);
      return there === undefined ? undefined : checkOut(top, there, ref);
    },
  };
}

/** Writes a tree to a temporary folder. An index of its own leaves that of the repository alone. */
async function checkOut(top: string, tree: string, ref: string): Promise<GitTree> {
  const temporary = await mkdtemp(join(tmpdir(), 'atlas-breaking-'));
  const remove = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  const path = join(temporary, 'tree');
  await mkdir(path);
  const env = { GIT_INDEX_FILE: join(temporary, 'index') };
  for (const args of [
    ['read-tree', tree],
    ['checkout-index', '--all', '--force', `--prefix=${path}/`],
  ]) {
    const { code, stderr } = await git(top, args, env);
    if (code === 0) continue;
    await remove();
    throw new UsageError(`--against ${ref}: git ${args[0] ?? ''} fails: ${stderr.split('\n')[0] ?? ''}`);
  }
  return { path, [Symbol.asyncDispose]: remove };
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function git(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', ...env } };
    execFile('git', [...args], options, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT')
        reject(
          new UsageError('git is not installed; name a folder or a file with the old version: --against <folder>'),
        );
      else resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr });
    });
  });
}
