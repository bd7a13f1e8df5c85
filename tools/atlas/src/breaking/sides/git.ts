import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { UsageError } from '../../diagnostics/usageError.ts';

/** A folder of a git repository, and the same folder at a commit. */
export interface GitFolder {
  /** Path of the folder in the repository, without slashes around it. */
  readonly prefix: string;
  /**
   * Whether something that may be compared differs between the working tree and the commit: a file in the folder, or
   * one of these folders, relative to the folder. Without a list, every `*.sql` file counts, because only the
   * configuration says where migrations are.
   */
  hasChanged(folders?: readonly string[]): Promise<boolean>;
  /** Writes the folder at the commit to a temporary folder. The caller disposes of it. */
  checkOut(): Promise<CheckOut>;
  /** The commits up to this one that changed a file with the extension, newest first, and whether there are more. */
  history(extension: string, most: number): Promise<{ readonly commits: readonly string[]; readonly hasMore: boolean }>;
  /** Like `checkOut`, for a commit of the history; undefined if the folder does not exist there. */
  checkOutAt(commit: string): Promise<CheckOut | undefined>;
}

/** A part of the repository at a commit, in a temporary folder. */
export interface CheckOut extends AsyncDisposable {
  /** The path of the folder in it. */
  readonly path: string;
  /** Writes more folders of the repository, relative to the folder. Those that do not exist are left out. */
  add(folders: readonly string[]): Promise<void>;
}

/** Finds a folder at a git ref. Throws a `UsageError` without git, outside a repository, and for an unknown ref. */
export async function gitFolder(folder: string, ref: string): Promise<GitFolder> {
  // A ref never begins with a dash, because git would read it as an option.
  const isRef = !ref.startsWith('-');
  const [place, commit] = await Promise.all([
    git(folder, ['rev-parse', '--show-toplevel', '--show-prefix']),
    isRef ? git(folder, ['rev-parse', '--verify', '-q', `${ref}^{commit}`]) : undefined,
  ]);
  if (place.code !== 0)
    throw new UsageError(
      `--against ${ref}: no such file or folder, and ${folder} is not in a git repository, so there is no git ref; ` +
        'name a folder or a file with the old version: --against <folder>',
    );
  const [top = '', prefix = ''] = place.stdout.split('\n').map((line) => line.replace(/\/$/, ''));
  if (commit?.code !== 0)
    throw new UsageError(
      `--against ${ref}: this is neither a file, a folder nor a git ref; git branch -a and git tag list what there is ` +
        '(in CI, fetch the ref first: a shallow clone has only one)',
    );
  const hash = commit.stdout.trim();
  const isAt = async (one: string): Promise<boolean> =>
    (await git(top, ['rev-parse', '--verify', '-q', `${one}:${prefix}`])).code === 0;
  let changed: Promise<readonly string[]> | undefined;
  return {
    prefix,
    async hasChanged(folders) {
      const paths = within(prefix, ['', ...(folders ?? [])]);
      const isInside = (file: string): boolean =>
        paths.some((path) => path === '.' || file === path || file.startsWith(`${path}/`));
      const counts = (file: string): boolean =>
        isInside(file) || file.endsWith('/') || (folders === undefined && file.endsWith('.sql'));
      const files = await (changed ??= changedFiles(top, hash));
      return files.some(counts) || (files.length > 0 && (await hasLinks(top, prefix)));
    },
    async checkOut() {
      if (await isAt(hash)) return checkOut({ top, prefix, hash, ref });
      throw new UsageError(`--against ${ref}: ${prefix} does not exist there; choose a later ref`);
    },
    async history(extension, most) {
      const glob = `:(top,glob)${prefix === '' ? '' : `${prefix}/`}**/*${extension}`;
      const { stdout } = await git(top, ['rev-list', `--max-count=${most + 1}`, hash, '--', glob]);
      const hashes = stdout.split('\n').filter((line) => line !== '');
      return { commits: hashes.slice(0, most), hasMore: hashes.length > most };
    },
    async checkOutAt(one) {
      return (await isAt(one)) ? checkOut({ top, prefix, hash: one, ref }) : undefined;
    },
  };
}

/**
 * Paths that differ between the working tree and a commit, with both of a file that was moved. A repository inside the
 * repository ends with a slash, because nothing is known about its files.
 */
async function changedFiles(top: string, hash: string): Promise<readonly string[]> {
  const [tracked, others] = await Promise.all([
    git(top, ['diff', '--raw', '-z', '--no-renames', '--no-ext-diff', '--ignore-submodules=none', hash]),
    git(top, ['ls-files', '-z', '--others', '--exclude-standard']),
  ]);
  const files = others.stdout.split('\0').filter((file) => file !== '');
  // `:<mode> <mode> <hash> <hash> <status>` and the path, in turn
  const fields = tracked.stdout.split('\0');
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const path = fields[index + 1] ?? '';
    files.push(/\b160000\b/.test(fields[index] ?? '') ? `${path}/` : path);
  }
  if (tracked.code === 0 && others.code === 0) return files;
  // what git cannot say may be anything
  return ['/'];
}

/** Whether a file that may be compared is a symbolic link. Then any other file may be its target. */
async function hasLinks(top: string, prefix: string): Promise<boolean> {
  const paths = [`:(top,literal)${prefix}`, ':(top,glob)**/*.sql'];
  const { code, stdout } = await git(top, ['ls-files', '-s', '-z', '--', ...paths]);
  return code !== 0 || /(?:^|\0)120000 /.test(stdout);
}

/** What to check out, and from where; `ref` is for messages. */
interface Wanted {
  readonly top: string;
  readonly prefix: string;
  readonly hash: string;
  readonly ref: string;
}

/**
 * Writes a folder at a commit to a temporary one. It uses an index of its own, so that the repository's index stays
 * unchanged.
 */
async function checkOut({ top, prefix, hash, ref }: Wanted): Promise<CheckOut> {
  const temporary = await mkdtemp(join(tmpdir(), 'atlas-breaking-'));
  const remove = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  const root = join(temporary, 'tree');
  const env = { GIT_INDEX_FILE: join(temporary, 'index') };
  const run = async (args: readonly string[], input = ''): Promise<string> => {
    const { code, stdout, stderr } = await git(top, args, env, input);
    if (code === 0) return stdout;
    await remove();
    const verb = args.find((arg) => !arg.startsWith('-')) ?? '';
    throw new UsageError(`--against ${ref}: git ${verb} fails: ${stderr.split('\n')[0] ?? ''}`);
  };
  const add = async (folders: readonly string[]): Promise<void> => {
    const paths = within(prefix, folders);
    if (paths.length === 0) return;
    const files = await run([LITERAL, 'ls-files', '-z', '--', ...paths]);
    await run(['checkout-index', '-z', '--stdin', '--force', `--prefix=${root}/`], files);
  };
  await mkdir(join(root, prefix), { recursive: true });
  await run(['read-tree', hash]);
  await add(['']);
  return { path: join(root, prefix), add, [Symbol.asyncDispose]: remove };
}

/** Without it, a path with `*` or `:` would be a pattern. */
const LITERAL = '--literal-pathspecs';

/** Folders relative to the top of the repository, without those outside. The top itself is `.`. */
function within(prefix: string, folders: readonly string[]): readonly string[] {
  return folders
    .map((folder) => posix.join(prefix, folder).replace(/\/$/, ''))
    .filter((path) => path !== '..' && !path.startsWith('../'));
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function git(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', ...env }, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile('git', [...args], options, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT')
        reject(
          new UsageError('git is not installed; name a folder or a file with the old version: --against <folder>'),
        );
      else resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr });
    });
    // A program that ends without reading its input is not an error here: its exit code says what happened.
    child.stdin?.on('error', () => undefined).end(input);
  });
}
