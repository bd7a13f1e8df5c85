import { join, posix, sep } from 'node:path';
import type { System } from '@atlas/ir';
import { check } from './check/check.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { emit, type EmittedFile } from './emit/emit.ts';
import { buildSystem } from './model/buildSystem.ts';
import type { Workspace } from './document/workspace.ts';
import { load } from './load/load.ts';
import { readSpecs } from './read/specs.ts';
import { plan } from './plan/plan.ts';

export interface CheckedSpecs {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** Absent if the configuration is unusable. */
  readonly workspace?: Workspace;
  /** Absent if there are errors. */
  readonly system?: System;
}

type Stage = (name: string) => void;

/** Loads, reads and checks the specs, and builds the model: all findings, or the system. */
export async function checkSpecs(config: string, stage: Stage): Promise<CheckedSpecs> {
  stage('reading the specs');
  const { workspace, diagnostics, sources } = await load(config);
  if (!workspace) return { diagnostics, sources };
  if (hasErrors(diagnostics)) return { workspace, diagnostics, sources };
  stage('checking the specs');
  const specs = readSpecs(workspace);
  const found = [...diagnostics, ...(await check(specs))];
  if (hasErrors(found)) return { workspace, diagnostics: found, sources };
  const built = await buildSystem(specs);
  const all = [...found, ...built.diagnostics];
  return { workspace, diagnostics: all, sources, ...(built.system && !hasErrors(all) ? { system: built.system } : {}) };
}

/** The findings of `generate`. It generates every text, so that `check` cannot be clean if `generate` fails. */
export async function dryRun(config: string, stage: Stage): Promise<CheckedSpecs> {
  const checked = await checkSpecs(config, stage);
  const { diagnostics } = await filesOf(withoutTree(checked), {
    stage,
    does: 'checking',
    textCache: async () => new Map(),
  });
  return { ...checked, diagnostics };
}

/** What files are made from: the model, without the trees of the documents. */
interface Modelled extends Omit<CheckedSpecs, 'workspace'> {
  /** Absent if the configuration is unusable. */
  readonly workspace?: OutputWorkspace;
}

/** What is left of a workspace: where it is, and its configuration. */
export type OutputWorkspace = Pick<Workspace, 'root' | 'config'>;

export interface GeneratedFiles extends Omit<Modelled, 'system'> {
  /** Absent if there are errors. */
  readonly files?: readonly EmittedFile[];
}

/** Checks the specs, then plans and emits the files. The caller keeps the cache of texts between runs. */
export async function generateFiles(config: string, stage: Stage, textCache: TextCache): Promise<GeneratedFiles> {
  return filesOf(withoutTree(await checkSpecs(config, stage)), { stage, does: 'generating', textCache });
}

type TextCache = (workspace: OutputWorkspace) => Promise<Map<string, string>>;

/** Lets go of the trees: those of a document of 13 MB take 80 MB, and nothing reads them once the model is built. */
function withoutTree({ workspace, ...rest }: CheckedSpecs): Modelled {
  return workspace ? { ...rest, workspace: { root: workspace.root, config: workspace.config } } : rest;
}

interface Making {
  readonly stage: Stage;
  /** What is done to the texts, in the message of the stage. */
  readonly does: 'checking' | 'generating';
  readonly textCache: TextCache;
}

async function filesOf(modelled: Modelled, { stage, does, textCache }: Making): Promise<GeneratedFiles> {
  const { system, ...before } = modelled;
  if (!before.workspace || !system) return before;
  stage('planning files');
  const planned = await plan(system, { packageName: before.workspace.config.packageName });
  if (hasErrors(planned.diagnostics))
    return { ...before, diagnostics: [...before.diagnostics, ...planned.diagnostics] };
  stage(`${does} the text of ${planned.files.length} files`);
  const folder = specsFolder(before.workspace);
  const result = await emit(planned.files, { system, folder, textCache: await textCache(before.workspace) });
  const diagnostics = [...before.diagnostics, ...result.diagnostics];
  return { ...before, diagnostics, ...(hasErrors(diagnostics) ? {} : { files: result.files }) };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/** The folder that contains both the specs and the output: absolute. */
export function repositoryFolder(workspace: OutputWorkspace): string {
  const climbs = specsFolder(workspace).split('/');
  return join(workspace.root, ...climbs.flatMap((part) => (part === '' ? [] : ['..'])));
}

/**
 * The configuration's folder as headers show it, the same on every machine: relative to the folder that contains both
 * the specs and the output. The number of `..` in `out` says how far up that is.
 */
export function specsFolder({ root, config }: OutputWorkspace): string {
  const climbs = posix
    .normalize(config.out)
    .split('/')
    .filter((part) => part === '..').length;
  return climbs === 0 ? '' : root.split(sep).slice(-climbs).join('/');
}
