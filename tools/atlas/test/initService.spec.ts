import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTree, type Finished } from './harness/caseFolder.ts';
import { toolkit } from './harness/repository.ts';
import { KNOWN_TYPES, type RepositoryCopy, repositoryCopy } from './harness/repositoryCopy.ts';
import { WarmAtlas } from './harness/warmAtlas.ts';

/** Two words, so that the names of roles, files and types differ from the name of the service. */
const NAME = 'claims-desk';

/** They compare what starts the system with the services of the specs. */
const STACK_TESTS = ['tools/stack/src/compose.spec.ts', 'tools/stack/src/services.spec.ts'];

const warm = new WarmAtlas(1);
let copy: RepositoryCopy;
let folder: string;
let added: Finished;
let handlers: readonly Finished[];

beforeAll(async () => {
  copy = await repositoryCopy();
  folder = copy.folder;
  added = await warm.run(folder, ['init', 'service', NAME, '--aggregate', 'claim']);
  await addToSpecs();
  handlers = [await warm.run(folder, ['generate'])];
  for (const name of ['reopenClaim', 'onClaimReminder', 'countClaims'])
    handlers = [...handlers, await warm.run(folder, ['init', 'handler', name])];
});
afterAll(async () => {
  warm[Symbol.dispose]();
  await copy.remove();
});

describe('a new service in this repository', () => {
  it('is added, and its files are printed to stdout', () => {
    expect(added, added.stderr).toMatchObject({ exit: 0 });
    expect(added.stdout).toMatch(/^write services\/claims-desk\/src\/app\/on[A-Z]\w+\.ts$/m);
  });

  it('gets the handlers that it lacks, for an operation, a timer and sets of events', async () => {
    for (const done of handlers) expect(done, done.stderr).toMatchObject({ exit: 0 });
    const main = await readFile(join(folder, 'services', NAME, 'src/main.ts'), 'utf8');
    expect(main).toContain("import { reopenClaim } from './app/reopenClaim.ts';");
    expect(main).toContain('    reopenClaim: reopenClaim(),');
    expect(main).toContain('    countClaims: countClaims(),');
    expect(main).toContain('  timers: { onClaimReminder: onClaimReminder() },');
    const again = await warm.run(folder, ['init', 'handler', 'reopenClaim']);
    expect(again).toMatchObject({ exit: 2 });
    expect(again.stderr).toContain('no service lacks a handler reopenClaim; every handler of the specs exists');
  });

  it('is the last one of the configuration, whose other lines do not change', async () => {
    const before = await readFile(join(toolkit, 'specs/atlas.config.yaml'), 'utf8');
    const after = await readFile(join(folder, 'specs/atlas.config.yaml'), 'utf8');
    const line = `  ${NAME}: { openapi: openapi/${NAME}.yaml, asyncapi: asyncapi/${NAME}.yaml }\n`;
    expect(after).toContain(line);
    expect(after.replace(line, '')).toBe(before);
  });

  it('has its packages in the lock file, so a frozen installation works', async () => {
    expect(await copy.failure(['make', 'install'])).toBe('');
  });

  it('is written into the reference pages and docker-compose.yml by make generate', async () => {
    expect(await copy.failure(['make', 'generate'])).toBe('');
    expect(await readFile(join(folder, 'docs/reference/system.md'), 'utf8')).toContain(`${NAME}["${NAME}"]`);
    expect(await readFile(join(folder, 'docker-compose.yml'), 'utf8')).toContain(`CLAIMS_DESK_URL: http://${NAME}:`);
  });

  // The steps of `make check`, with only those unit tests that depend on the list of services. The copy has no history,
  // so it is compared with this repository. They run side by side, because most of them use one core.
  it.concurrent.each([
    ['it is formatted', ['oxfmt', '--check', '.']],
    ['it compiles', ['tsc', '-p', '.', '--incremental', '--tsBuildInfoFile', KNOWN_TYPES]],
    ['it obeys the linter', ['oxlint', '--type-aware', '--deny-warnings', `services/${NAME}`]],
    ['it obeys the house rules', ['node', 'tools/house/src/main.ts', 'gates']],
    ['its generated code is up to date', ['atlas', 'generate', '--check']],
    ['it breaks nothing that was there', ['atlas', 'breaking', '--against', toolkit]],
    ['its reference pages are up to date', ['node', 'tools/house/src/main.ts', 'reference', '--check']],
    ['its imports are allowed', ['node', 'tools/house/src/main.ts', 'imports']],
    ['it has nothing unused', ['knip', '--no-progress']],
    ['its specs satisfy other tools', ['atlas', 'check', '--official']],
    [
      'its unit tests and those of the stack pass',
      ['vitest', 'run', '--project', 'unit', `services/${NAME}`, ...STACK_TESTS],
    ],
  ] as const)('%s', async (_what, command) => {
    expect(await copy.failure(command)).toBe('');
  });

  it('is refused if its paths or its messages are taken, and then no file changes', async () => {
    const tree = await repositoryFiles();
    const again = await warm.run(folder, ['init', 'service', 'demo', '--aggregate', 'claim']);
    expect(again).toMatchObject({ exit: 100 });
    expect(again.stderr).toContain('error[ATL7101]');
    expect(again.stderr).toContain('--> services/demo:1:1');
    expect(again.stderr).toContain('the new service would send ClaimOpened');
    expect(await repositoryFiles()).toEqual(tree);
  });

  it('is removed again if its code cannot be generated', async () => {
    const specs = join(folder, 'specs/openapi');
    for (const name of (await readTree(specs)).keys()) {
      const text = await readFile(join(specs, name), 'utf8');
      await writeFile(join(specs, name), text.replaceAll('BodyTooLarge', 'BodyTooBig'));
    }
    expect(await warm.run(folder, ['generate'])).toMatchObject({ exit: 0 });
    const tree = await repositoryFiles();
    const refused = await warm.run(folder, ['init', 'service', 'lounge']);
    expect(refused).toMatchObject({ exit: 100 });
    expect(refused.stderr).toContain('openapi/common.yaml has no "BodyTooLarge" there');
    expect(await repositoryFiles()).toEqual(tree);
  });
});

/**
 * Adds an operation like the one that closes a claim, a timer with the payload of an event, and a consumer that reads
 * the service's own events in sets.
 */
async function addToSpecs(): Promise<void> {
  const openapi = join(folder, `specs/openapi/${NAME}.yaml`);
  const text = await readFile(openapi, 'utf8');
  const [close = ''] = /^ {2}\/v1\/claims\/\{claimId\}\/close:\n(?: {3}.*\n|\n)*/m.exec(text) ?? [];
  const reopen = close.replaceAll('/close', '/reopen').replaceAll('closeClaim', 'reopenClaim');
  await writeFile(openapi, text.replace(close, close + reopen));
  const schema = `../avro/${NAME}/ClaimOpened.avsc`;
  const timer = `
x-atlas-timers:
  claimReminder:
    summary: Nobody has looked at a claim.
    payload:
      schemaFormat: application/vnd.apache.avro;version=1.12.0
      schema: { $ref: '${schema}' }
`;
  const asyncapi = join(folder, `specs/asyncapi/${NAME}.yaml`);
  const sets = `operations:
  countClaims:
    action: receive
    channel: { $ref: '#/channels/claims' }
    x-atlas-batch: { max: 200 }
`;
  await writeFile(asyncapi, (await readFile(asyncapi, 'utf8')).replace(/^operations:\n/m, sets) + timer);
}

/** The files that people and atlas write. */
async function repositoryFiles(): Promise<ReadonlyMap<string, string>> {
  const folders = ['specs', 'services', 'generated', 'docs'].map((name) => readTree(join(folder, name)));
  const found = (await Promise.all(folders)).flatMap((tree) => [...tree]);
  const lock = await readFile(join(folder, 'pnpm-lock.yaml'), 'utf8');
  return new Map([...found.filter(([path]) => !path.includes('node_modules')), ['pnpm-lock.yaml', lock]]);
}
