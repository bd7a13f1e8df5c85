import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Workspace } from '../../src/document/workspace.ts';
import { load } from '../../src/load/load.ts';

/** A folder of specs that lives as long as the test: `await using folder = await specFolder({...})`. */
export interface SpecFolder extends AsyncDisposable {
  readonly path: string;
  /** Loads the folder. Throws on any finding of `load`. */
  workspace(): Promise<Workspace>;
}

/** Writes files, by path below the folder of atlas.config.yaml. */
export async function specFolder(files: Readonly<Record<string, string>>): Promise<SpecFolder> {
  const path = await mkdtemp(join(tmpdir(), 'atlas-specs-'));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), text);
  }
  return {
    path,
    async workspace() {
      const { workspace, diagnostics } = await load(join(path, 'atlas.config.yaml'));
      if (!workspace || diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
      return workspace;
    },
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true });
    },
  };
}
