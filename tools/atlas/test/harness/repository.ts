import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { caseFolder, exists, readTree } from './caseFolder.ts';

export const toolkit = fileURLToPath(new URL('../../../../', import.meta.url));
/** A module that keeps a process from compiling schemas if it is preloaded. */
export const noCompiling = fileURLToPath(new URL('./noCompiling.mjs', import.meta.url));

/** A repository with the expected output of a case, linked packages and the case's hand-written code. */
export interface CaseRepository {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Puts `expected/` (as `generated/`) and `app/` of a case into a new folder inside `parent` and links the packages that
 * they import.
 */
export async function caseRepository(name: string, parent: string = tmpdir()): Promise<CaseRepository> {
  const folder = await mkdtemp(join(parent, `atlas-${name}-`));
  await cp(join(caseFolder(name), 'expected'), join(folder, 'generated'), { recursive: true });
  if (await exists(join(caseFolder(name), 'app')))
    await cp(join(caseFolder(name), 'app'), join(folder, 'app'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  await link(join(toolkit, 'tools/runtime'), join(folder, 'node_modules/@atlas/runtime'));
  await link(join(toolkit, 'tools/runtime/node_modules/slonik'), join(folder, 'node_modules/slonik'));
  for (const [file, text] of await readTree(join(folder, 'generated')))
    if (/^[^/]+\/package\.json$/.test(file))
      await link(join(folder, 'generated', dirname(file)), join(folder, 'node_modules', nameOf(text)));
  await configureTypes(folder, ['generated', 'app']);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Writes a tsconfig.json for the code below `include`, with the options of this repository. */
export async function configureTypes(folder: string, include: readonly string[]): Promise<void> {
  await link(join(toolkit, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  const config = { extends: join(toolkit, 'tsconfig.base.json'), include };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}

function nameOf(text: string): string {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string')
    return value.name;
  throw new Error('a package without a name');
}
