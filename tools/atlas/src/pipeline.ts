import { posix, sep } from 'node:path';
import type { System } from '@atlas/ir';
import { check } from './check/index.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { emit, mayRefuse, type EmittedFile } from './emit/index.ts';
import { buildSystem } from './model/index.ts';
import type { Workspace } from './document/workspace.ts';
import { load } from './load/load.ts';
import { readSpecs } from './read/specs.ts';
import { plan, type PlannedFile } from './plan/index.ts';

export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** Absent if the configuration is unusable. */
  readonly workspace?: Workspace;
  /** Absent if there are errors. */
  readonly system?: System;
}

type Stage = (name: string) => void;

/** load, check, ir: everything that is wrong with the specs, or the model. */
export async function checked(config: string, stage: Stage): Promise<Checked> {
  stage('reading the specs');
  const { workspace, diagnostics, sources } = await load(config);
  if (!workspace) return { diagnostics, sources };
  if (hasErrors(diagnostics)) return { workspace, diagnostics, sources };
  stage('checking the specs');
  const specs = readSpecs(workspace);
  const found = [...diagnostics, ...check(specs)];
  if (hasErrors(found)) return { workspace, diagnostics: found, sources };
  const built = buildSystem(specs);
  const all = [...found, ...built.diagnostics];
  return { workspace, diagnostics: all, sources, ...(built.system && !hasErrors(all) ? { system: built.system } : {}) };
}

/** Everything that `generate` would refuse, without the texts that nothing can be wrong with. */
export async function refused(config: string, stage: Stage): Promise<Checked> {
  const { files: _, ...found } = await emitted(config, stage, async () => new Map(), mayRefuse);
  return found;
}

export interface Emitted extends Checked {
  /** Absent if there are errors. */
  readonly files?: readonly EmittedFile[];
}

/** plan and emit on top, of the files that are wanted. `slow` is kept by the caller between runs. */
export async function emitted(
  config: string,
  stage: Stage,
  slow: (workspace: Workspace) => Promise<Map<string, string>>,
  wanted: (file: PlannedFile) => boolean = () => true,
): Promise<Emitted> {
  const before = await checked(config, stage);
  const { workspace, system } = before;
  if (!workspace || !system) return before;
  stage('planning files');
  const planned = plan(system, { packageName: workspace.config.packageName });
  if (hasErrors(planned.diagnostics))
    return { ...before, diagnostics: [...before.diagnostics, ...planned.diagnostics] };
  const files = planned.files.filter(wanted);
  stage(`generating the text of ${files.length} files`);
  const folder = specsFolder(workspace);
  const result = await emit(files, { system, folder, slow: await slow(workspace) });
  const diagnostics = [...before.diagnostics, ...result.diagnostics];
  return { ...before, diagnostics, ...(hasErrors(diagnostics) ? {} : { files: result.files }) };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/**
 * The configuration's folder as headers show it, the same on every machine: seen from the folder that holds both specs
 * and output, which `out` tells by how far it climbs.
 */
export function specsFolder({ root, config }: Pick<Workspace, 'root' | 'config'>): string {
  const climbs = posix
    .normalize(config.out)
    .split('/')
    .filter((part) => part === '..').length;
  return climbs === 0 ? '' : root.split(sep).slice(-climbs).join('/');
}
