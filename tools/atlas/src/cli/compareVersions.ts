import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import type { Mode } from '../read/avro/levels.ts';
import type { BreakingReport } from '../breaking/finding.ts';
import type { History } from '../breaking/sides/history.ts';
import type { FileSide, Side } from '../breaking/sides/side.ts';
import { UsageError } from '../diagnostics/usageError.ts';
import type { LoadResult } from '../load/load.ts';
import type { BreakingFormat } from '../report/breaking/render.ts';
import { CONFIG_NAMES, findConfig, relativeFolder } from './findConfig.ts';

/** Which versions a command compares, and how. */
export interface CompareFlags {
  readonly config?: string;
  readonly against?: string;
  /** The file of accepted breaks. */
  readonly accepted?: string;
  readonly strict?: true;
  readonly mode?: Mode;
  readonly format: BreakingFormat;
}

export interface Compared {
  readonly report: BreakingReport;
  /** The configuration, if a repository was compared. */
  readonly config?: string;
  /** Why nothing was compared. */
  readonly reason?: string;
}

const NOTHING: Omit<BreakingReport, 'strict'> = { findings: [], compared: [], notCompared: [], sources: new Map() };

/**
 * Compares documents, or the repository with another version. Undefined, with its findings printed, if one side has
 * errors.
 */
export async function compareVersions(
  files: readonly string[],
  flags: CompareFlags,
  cwd: string,
): Promise<Compared | undefined> {
  const { against } = flags;
  if (against !== undefined && files.length > 0)
    throw new UsageError('name the files, or use --against <git ref, folder or file>: not both');
  try {
    return await (against === undefined ? betweenFiles(files, flags, cwd) : againstVersion(against, flags, cwd));
  } catch (error) {
    // The class is loaded only now, because a repository without a change needs nothing of it.
    const { UnusableSide } = await import('../breaking/sides/side.ts');
    if (!(error instanceof UnusableSide)) throw error;
    const { workspace, folder } = error.side;
    await refuse({ diagnostics: error.diagnostics, sources: workspace.sources }, folder, flags);
    return undefined;
  }
}

async function betweenFiles(files: readonly string[], flags: CompareFlags, cwd: string): Promise<Compared | undefined> {
  const { strict = false, mode } = flags;
  const last = files.at(-1);
  const olds = files.slice(0, -1).flatMap((file) => filesIn(file, last ?? '', cwd));
  if (last === undefined || olds.length === 0)
    throw new UsageError('name the old and the new file, or use --against <git ref, folder or file>');
  const { loadDocument } = await import('../load/load.ts');
  const { comparedLimits } = await import('../document/limits.ts');
  const sides: FileSide[] = [];
  for (const file of [...olds, last]) {
    const path = resolve(cwd, file);
    const info = statSync(path, { throwIfNoEntry: false });
    if (!info?.isFile()) throw new UsageError(`${file}: ${info ? 'this is not a file' : 'the file does not exist'}`);
    const root = rootOf(path);
    const side = await sideOf(await loadDocument(path, comparedLimits, root), relativeFolder(cwd, root), flags);
    if (!side) return undefined;
    sides.push({ ...side, file: relativeFolder(root, path) });
  }
  const next = sides.pop();
  if (!next) return undefined;
  const { compareDocuments } = await import('../breaking/compare.ts');
  return { report: compareDocuments(sides, next, { strict, ...(mode ? { mode } : {}) }) };
}

/** A file, or all files of a folder that are named like versions of the new one: `v2` comes before `v10`. */
function filesIn(old: string, next: string, cwd: string): readonly string[] {
  const path = resolve(cwd, old);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [old];
  const extension = extname(next);
  const names = readdirSync(path).filter(
    (name) => extname(name) === extension && resolve(path, name) !== resolve(cwd, next),
  );
  if (names.length === 0) throw new UsageError(`${old}: the folder has no file *${extension}; name the old files`);
  return names
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }) || (a < b ? -1 : 1))
    .map((name) => join(old, name));
}

/** The folder that a document may refer to: that of the nearest configuration above it, or else its own. */
function rootOf(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const config = CONFIG_NAMES.map((name) => join(folder, name)).find((name) => existsSync(name));
    if (config !== undefined && path.startsWith(join(dirname(config), sep))) return dirname(config);
    if (config !== undefined || dirname(folder) === folder) return dirname(path);
  }
}

async function againstVersion(against: string, flags: CompareFlags, cwd: string): Promise<Compared | undefined> {
  const { strict = false, mode } = flags;
  const config = findConfig(flags.config, cwd);
  const folder = relativeFolder(cwd, dirname(config));
  const path = resolve(cwd, against);
  const needsHistory = mode?.endsWith('_TRANSITIVE') === true;
  // What exists on the disk comes first: refs/heads/<name> names a branch that has the name of a folder.
  if (existsSync(path)) {
    if (needsHistory)
      throw new UsageError(`--mode ${mode ?? ''} compares with all old versions: use --against <git ref>`);
    const named = configIn(path, against);
    const before = await loaded(named, relativeFolder(cwd, dirname(named)));
    const after = before && (await loaded(config, folder));
    return after && compared(before, after);
  }
  const { gitFolder } = await import('../breaking/sides/git.ts');
  const git = await gitFolder(dirname(config), against);
  const nothing = { report: { ...NOTHING, strict }, config, reason: `nothing changed since ${against}` };
  // First the check that needs no configuration.
  if (!needsHistory && !(await git.hasChanged())) return nothing;
  const after = await loaded(config, folder);
  if (!after) return undefined;
  const { migrationFoldersOf, statementFoldersOf } = await import('../breaking/db/migrations.ts');
  if (!needsHistory && !(await git.hasChanged(migrationFoldersOf(after.workspace)))) return nothing;
  await using old = await git.checkOut();
  const oldConfig = join(old.path, basename(config));
  if (!existsSync(oldConfig))
    throw new UsageError(`--against ${against}: ${join(git.prefix, basename(config))} does not exist there`);
  const before = await loaded(oldConfig, `${against}:${git.prefix}`);
  if (!before) return undefined;
  await old.add([...migrationFoldersOf(before.workspace), ...statementFoldersOf(before.workspace)]);
  const { historyOf } = await import('../breaking/sides/history.ts');
  const withMore: Side = { ...before, checkOut: (folders) => old.add(folders) };
  return await compared(withMore, after, needsHistory ? await historyOf(git, basename(config)) : undefined);

  async function loaded(file: string, shown: string): Promise<Side | undefined> {
    const { load } = await import('../load/load.ts');
    const { comparedLimits } = await import('../document/limits.ts');
    return sideOf(await load(file, comparedLimits), shown, flags);
  }

  async function compared(before: Side, after: Side, history?: History): Promise<Compared> {
    const { compareRepositories } = await import('../breaking/compare.ts');
    const options = { strict, ...(mode ? { mode } : {}) };
    const report = await compareRepositories(before, after, options, history?.sides);
    return { report: { ...report, notCompared: [...report.notCompared, ...(history?.skipped ?? [])] }, config };
  }
}

/** The configuration that a path names: the file itself, or the one in the folder. */
function configIn(path: string, against: string): string {
  if (statSync(path).isFile()) return path;
  const found = CONFIG_NAMES.map((name) => join(path, name)).find((name) => existsSync(name));
  if (found === undefined) throw new UsageError(`--against ${against}: the folder has no ${CONFIG_NAMES.join(' or ')}`);
  return found;
}

/** A side that was loaded; undefined, with its findings printed, if it has errors. */
async function sideOf(
  { workspace, diagnostics, sources }: LoadResult,
  folder: string,
  flags: CompareFlags,
): Promise<Side | undefined> {
  if (workspace && diagnostics.every(({ severity }) => severity !== 'error')) return { workspace, folder };
  await refuse({ diagnostics, sources }, folder, flags);
  return undefined;
}

/** Says why nothing was compared. */
async function refuse(
  found: Pick<LoadResult, 'diagnostics' | 'sources'>,
  folder: string,
  { format }: CompareFlags,
): Promise<void> {
  await printDiagnostics(found, folder, format);
  process.stderr.write('atlas: nothing was compared; fix these errors, or compare with a version that has none\n');
}

/** Prints what is wrong with a file that is read before anything is compared. */
export async function printDiagnostics(
  { diagnostics, sources }: Pick<LoadResult, 'diagnostics' | 'sources'>,
  folder: string,
  format: BreakingFormat,
): Promise<void> {
  const { render } = await import('../report/render.ts');
  const shown = format === 'markdown' ? 'text' : format;
  const text = render(diagnostics, { format: shown, sources, color: false, folder });
  (shown === 'text' ? process.stderr : process.stdout).write(text);
}
