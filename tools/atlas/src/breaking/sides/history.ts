import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { comparedLimits } from '../../document/limits.ts';
import { load } from '../../load/load.ts';
import type { GitFolder } from './git.ts';
import type { Side } from './side.ts';

/** Older versions of the Avro schemas that one comparison reads. */
const MOST_VERSIONS = 200;

export interface History {
  /** Newest first. */
  readonly sides: readonly Side[];
  /** Versions that were left out, and why, for the list of what was not compared. */
  readonly skipped: readonly string[];
}

/** Reads each version up to a git ref in which an Avro schema changed. `config` is the name of the configuration. */
export async function historyOf(git: GitFolder, config: string): Promise<History> {
  const { commits, hasMore } = await git.history('.avsc', MOST_VERSIONS);
  const sides: Side[] = [];
  const skipped: string[] = hasMore ? [`versions before the last ${MOST_VERSIONS} changes of Avro schemas`] : [];
  for (const commit of commits) {
    await using tree = await git.checkOutAt(commit);
    const path = tree && join(tree.path, config);
    if (path === undefined || !existsSync(path)) continue;
    const name = commit.slice(0, 10);
    const { workspace, diagnostics } = await load(path, comparedLimits);
    if (workspace && diagnostics.every(({ severity }) => severity !== 'error'))
      sides.push({ workspace, folder: `${name}:${git.prefix}` });
    else skipped.push(`${name}, whose specs have errors`);
  }
  return { sides, skipped };
}
