import { dirname } from 'node:path';
import { readStack } from '@atlas/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAtlas } from './harness/caseFolder.ts';
import { type RepositoryCopy, repositoryCopy } from './harness/repositoryCopy.ts';

/** Every stack has a database and a user of the broker for this name, so the new service needs no restart of it. */
const NAME = 'offices';

let copy: RepositoryCopy;
beforeAll(async () => {
  copy = await repositoryCopy();
});
afterAll(() => copy.remove());

describe('a new service', () => {
  it('passes its integration tests on the stack without a change', async () => {
    const added = await runAtlas(copy.folder, ['init', 'service', NAME, '--aggregate', 'office']);
    expect(added, added.stderr).toMatchObject({ exit: 0 });
    expect(await copy.failure(['make', 'install'])).toBe('');
    const env = { ATLAS_STACK_DIR: dirname(readStack()?.logs ?? '') };
    expect(await copy.failure(['vitest', 'run', '--project', 'int', `services/${NAME}`], env)).toBe('');
  });
});
