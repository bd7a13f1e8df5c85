import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import type { Mode } from '../breaking/avro/modes.ts';
import { isBreaking, type BreakingReport } from '../breaking/finding.ts';
import type { History } from '../breaking/sides/history.ts';
import type { FileSide, Side } from '../breaking/sides/side.ts';
import { count } from '../diagnostics/shown.ts';
import { EXIT, UsageError } from '../diagnostics/usageError.ts';
import type { LoadResult } from '../load/load.ts';
import type { BreakingFormat } from '../report/breaking/render.ts';
import { CONFIG_NAMES, findConfig } from './findConfig.ts';
import { relativeFolder } from './talk.ts';

export interface BreakingFlags {
  readonly config?: string;
  readonly against?: string;
  readonly strict?: true;
  readonly mode?: Mode;
  readonly format: BreakingFormat;
}

const NOTHING: Omit<BreakingReport, 'strict'> = { findings: [], compared: [], notCompared: [], sources: new Map() };

/** Compares documents, or the repository with another version of it. Returns the exit code. */
export async function breakingCommand(files: readonly string[], flags: BreakingFlags, cwd: string): Promise<number> {
  const { against } = flags;
  if (against !== undefined && files.length > 0)
    throw new UsageError('name the files, or use --against <git ref, folder or file>: not both');
  const { UnusableSide } = await import('../breaking/sides/side.ts');
  try {
    return await (against === undefined ? betweenFiles(files, flags, cwd) : againstVersion(against, flags, cwd));
  } catch (error) {
    if (!(error instanceof UnusableSide)) throw error;
    const { workspace, folder } = error.side;
    await refuse({ diagnostics: error.diagnostics, sources: workspace.sources }, folder, flags);
    return EXIT.usage;
  }
}

async function betweenFiles(files: readonly string[], flags: BreakingFlags, cwd: string): Promise<number> {
  const { strict = false, mode } = flags;
  const last = files.at(-1);
  const olds = files.slice(0, -1).flatMap((file) => filesIn(file, last ?? '', cwd));
  if (last === undefined || olds.length === 0)
    throw new UsageError('name the old and the new file, or use --against <git ref, folder or file>');
  const { loadDocument } = await import('../load/load.ts');
  const { limits } = await import('../document/limits.ts');
  const sides: FileSide[] = [];
  for (const file of [...olds, last]) {
    const path = resolve(cwd, file);
    const info = statSync(path, { throwIfNoEntry: false });
    if (!info?.isFile()) throw new UsageError(`${file}: ${info ? 'this is not a file' : 'the file does not exist'}`);
    const root = rootOf(path);
    const side = await sideOf(await loadDocument(path, limits.comparedBytes, root), relativeFolder(cwd, root), flags);
    if (!side) return EXIT.usage;
    sides.push({ ...side, file: relativeFolder(root, path) });
  }
  const next = sides.pop();
  if (!next) return EXIT.usage;
  const { compareDocuments } = await import('../breaking/compare.ts');
  return print(compareDocuments(sides, next, { strict, ...(mode ? { mode } : {}) }), flags);
}

/** A file, or all files of a folder that are called like versions of the new one: `v2` comes before `v10`. */
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

async function againstVersion(against: string, flags: BreakingFlags, cwd: string): Promise<number> {
  const { strict = false, mode } = flags;
  const config = findConfig(flags.config, cwd);
  const folder = relativeFolder(cwd, dirname(config));
  const path = resolve(cwd, against);
  // What exists on the disk comes first: refs/heads/<name> names a branch that is called like a folder.
  const needsHistory = mode?.endsWith('_TRANSITIVE') === true;
  if (existsSync(path)) {
    if (needsHistory)
      throw new UsageError(`--mode ${mode ?? ''} compares with all old versions: use --against <git ref>`);
    return compare(configIn(path, against), relativeFolder(cwd, dirname(configIn(path, against))));
  }
  const { gitFolder } = await import('../breaking/sides/git.ts');
  const git = await gitFolder(dirname(config), against);
  if (!needsHistory && (await git.isUnchanged()))
    return print({ ...NOTHING, strict }, flags, `nothing changed since ${against}`);
  await using old = await git.checkOut();
  const oldConfig = join(old.path, basename(config));
  if (!existsSync(oldConfig))
    throw new UsageError(`--against ${against}: ${join(git.prefix, basename(config))} does not exist there`);
  const { historyOf } = await import('../breaking/sides/history.ts');
  const history = needsHistory ? await historyOf(git, basename(config)) : undefined;
  return await compare(oldConfig, `${against}:${git.prefix}`, history);

  async function compare(oldPath: string, oldFolder: string, history?: History): Promise<number> {
    const { load } = await import('../load/load.ts');
    const { limits } = await import('../document/limits.ts');
    const before = await sideOf(await load(oldPath, limits.comparedBytes), oldFolder, flags);
    const after = before && (await sideOf(await load(config, limits.comparedBytes), folder, flags));
    if (!after) return EXIT.usage;
    const { compareRepositories } = await import('../breaking/compare.ts');
    const options = { strict, ...(mode ? { mode } : {}) };
    const report = compareRepositories(before, after, options, history?.sides);
    return print({ ...report, notCompared: [...report.notCompared, ...(history?.skipped ?? [])] }, flags);
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
  flags: BreakingFlags,
): Promise<Side | undefined> {
  if (workspace && diagnostics.every(({ severity }) => severity !== 'error')) return { workspace, folder };
  await refuse({ diagnostics, sources }, folder, flags);
  return undefined;
}

/** Says why nothing was compared. */
async function refuse(
  { diagnostics, sources }: Pick<LoadResult, 'diagnostics' | 'sources'>,
  folder: string,
  { format }: BreakingFlags,
): Promise<void> {
  const { render } = await import('../report/render.ts');
  const shown = format === 'markdown' ? 'text' : format;
  const text = render(diagnostics, { format: shown, sources, color: false, folder });
  (shown === 'text' ? process.stderr : process.stdout).write(text);
  process.stderr.write('atlas: nothing was compared: fix these errors, or compare with a version that has none\n');
}

async function print(report: BreakingReport, { format }: BreakingFlags, reason?: string): Promise<number> {
  if (report.findings.length > 0 || format !== 'text') {
    const { renderBreaking } = await import('../report/breaking/render.ts');
    const color = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;
    const text = renderBreaking(report, format, color);
    (format === 'text' ? process.stderr : process.stdout).write(text);
  }
  if (format === 'text') process.stderr.write(`${summary(report, reason)}\n`);
  return isBreaking(report) ? EXIT.findings : EXIT.clean;
}

function summary({ findings, compared, notCompared, strict, mode }: BreakingReport, reason?: string): string {
  const of = (wanted: string): number => findings.filter(({ severity }) => severity === wanted).length;
  const [errors, warnings, infos] = [of('error'), of('warning'), of('info')];
  const names = strict ? 'undeclared names count as promised' : 'undeclared names are tolerated';
  const parts = [
    reason ?? `${count(compared.length, 'document')} compared`,
    errors === 0 ? 'no breaking change' : count(errors, 'breaking change'),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
    ...(infos > 0 ? [count(infos, 'info')] : []),
    ...(notCompared.length > 0 ? [`not compared: ${notCompared.join(', ')}`] : []),
    ...(mode === undefined ? [] : [`mode ${mode}`]),
    ...(reason === undefined ? [names] : []),
  ];
  return parts.join(' · ');
}
