import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf } from '../layout.ts';
import { cached } from './cached.ts';
import { pipUnpack } from './pip.ts';

/**
 * The folder of an unpacked wheel, kept in the cache between runs. `requirement` is `name==version`. Throws if pip is
 * missing or the wheel does not exist for this machine.
 */
export function wheel(requirement: string, signal: AbortSignal): Promise<string> {
  return cached(requirement.replace('==', '-'), { cache: layoutOf().cache, signal }, async (folder) => {
    const log = join(await mkdtemp(join(tmpdir(), 'atlas-wheel-')), 'pip.log');
    await pipUnpack(requirement, folder, { log, signal });
  });
}
