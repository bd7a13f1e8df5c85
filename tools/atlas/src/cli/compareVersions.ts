import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { BreakingReport } from '../breaking/finding.ts';
import type { Side } from '../breaking/sides/side.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { UsageError } from '../diagnostics/usageError.ts';
import type { BreakingFormat } from '../report/breaking/render.ts';
import { CONFIG_NAMES, findConfig } from './findConfig.ts';
import { relativeFolder } from './talk.ts';

/** Which versions a command compares, and how. */
export interface CompareFlags {
  readonly config?: string;
  readonly against?: string;
  readonly strict?: true;
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
 * Compares two documents, or the repository with another version. Undefined, with its findings printed, if one side has
 * errors.
 */
export async function compareVersions(
  files: readonly string[],
  flags: CompareFlags,
  cwd: string,
): Promise<Compared | undefined> {
  const { against, strict = false } = flags;
  if (against !== undefined && files.length > 0)
    throw new UsageError('name two files, or use --against <git ref, folder or file>: not both');
  if (against !== undefined) return againstVersion(against, flags, cwd);
  const [old, next] = files;
  if (old === undefined || next === undefined || files.length > 2)
    throw new UsageError('name the old and the new file, or use --against <git ref, folder or file>');
  const { loadDocument } = await import('../load/load.ts');
  const { limits } = await import('../document/limits.ts');
  const sides: (Side & { readonly file: string })[] = [];
  for (const file of [old, next]) {
    const path = resolve(cwd, file);
    const info = statSync(path, { throwIfNoEntry: false });
    if (!info?.isFile()) throw new UsageError(`${file}: ${info ? 'this is not a file' : 'the file does not exist'}`);
    const folder = dirname(file) === '.' ? '' : dirname(file);
    const side = await sideOf(await loadDocument(path, limits.comparedBytes), folder, flags);
    if (!side) return undefined;
    sides.push({ ...side, file: basename(path) });
  }
  const [before, after] = sides;
  if (!before || !after) return undefined;
  const { compareDocuments } = await import('../breaking/compare.ts');
  return { report: compareDocuments(before, after, { strict }) };
}

async function againstVersion(against: string, flags: CompareFlags, cwd: string): Promise<Compared | undefined> {
  const { strict = false } = flags;
  const config = findConfig(flags.config, cwd);
  const folder = relativeFolder(cwd, dirname(config));
  const path = resolve(cwd, against);
  // What exists on the disk comes first: refs/heads/<name> names a branch that is called like a folder.
  if (existsSync(path)) {
    const named = configIn(path, against);
    const before = await loaded(named, relativeFolder(cwd, dirname(named)));
    const after = before && (await loaded(config, folder));
    return after && compared(before, after);
  }
  const { gitFolder } = await import('../breaking/sides/git.ts');
  const git = await gitFolder(dirname(config), against);
  const nothing = { report: { ...NOTHING, strict }, config, reason: `nothing changed since ${against}` };
  // First what needs no configuration: a repository that is the same everywhere.
  if (!(await git.hasChanged())) return nothing;
  const after = await loaded(config, folder);
  if (!after) return undefined;
  const { migrationFoldersOf, statementFoldersOf } = await import('../breaking/db/migrations.ts');
  if (!(await git.hasChanged(['', ...migrationFoldersOf(after.workspace)]))) return nothing;
  await using old = await git.checkOut();
  const oldConfig = join(old.path, basename(config));
  if (!existsSync(oldConfig))
    throw new UsageError(`--against ${against}: ${join(git.prefix, basename(config))} does not exist there`);
  const before = await loaded(oldConfig, `${against}:${git.prefix}`);
  if (!before) return undefined;
  await old.add([...migrationFoldersOf(before.workspace), ...statementFoldersOf(before.workspace)]);
  return await compared(before, after);

  async function loaded(file: string, shown: string): Promise<Side | undefined> {
    const { load } = await import('../load/load.ts');
    const { limits } = await import('../document/limits.ts');
    return sideOf(await load(file, limits.comparedBytes), shown, flags);
  }

  async function compared(before: Side, after: Side): Promise<Compared> {
    const { compareRepositories } = await import('../breaking/compare.ts');
    return { report: await compareRepositories(before, after, { strict }), config };
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
  { workspace, diagnostics, sources }: Awaited<ReturnType<typeof import('../load/load.ts').load>>,
  folder: string,
  { format }: CompareFlags,
): Promise<Side | undefined> {
  if (workspace && diagnostics.every(({ severity }) => severity !== 'error')) return { workspace, folder };
  await printDiagnostics(diagnostics, sources, folder, format);
  process.stderr.write('atlas: nothing was compared: fix these errors, or compare with a version that has none\n');
  return undefined;
}

/** Prints what is wrong with a file that is read before anything is compared. */
export async function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  folder: string,
  format: BreakingFormat,
): Promise<void> {
  const { render } = await import('../report/render.ts');
  const shown = format === 'markdown' ? 'text' : format;
  const text = render(diagnostics, { format: shown, sources, color: false, folder });
  (shown === 'text' ? process.stderr : process.stdout).write(text);
}
