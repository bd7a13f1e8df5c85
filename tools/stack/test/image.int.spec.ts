import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { layoutOf } from '../src/layout.ts';
import {
  cloneDatabase,
  deployContracts,
  dropDatabase,
  listeningOf,
  login,
  migrateService,
  programsOf,
  readStack,
  untilReady,
} from '../src/index.ts';
import { type Container, containerOf, type Restrictions } from './container.ts';
import { imageTree, type ImageTree } from './imageTree.ts';

const { root, infoFile, stateFile } = layoutOf();
const NAMESPACE = `image-${process.pid}.`;
const DATABASE = `image_${process.pid}`;

interface Operation {
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

/** The first service with something to read for Ops that needs no parameter, and the path of that. */
function readable(): readonly [service: string, path: string] {
  for (const { name } of programsOf(root)) {
    // cast: the generator has written the file
    const { paths } = JSON.parse(readFileSync(join(root, 'generated', name, 'http/document.json'), 'utf8')) as {
      readonly paths: Readonly<Record<string, { readonly get?: Operation }>>;
    };
    for (const [path, { get }] of Object.entries(paths))
      if (!path.includes('{') && get?.security.some((one) => Object.values(one).flat().includes('ops')))
        return [name, path];
  }
  throw new Error('no service has anything to read');
}

interface ComposeService extends Restrictions {
  readonly build: { readonly dockerfile: string; readonly target: string };
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck: { readonly test: readonly string[] };
}
// cast: compose.spec.ts checks the file
const { services } = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
};

const info = readStack();
if (!info) throw new Error('no stack is up: run `make up` first');
const [SERVICE, PATH] = readable();
const composed = services[SERVICE];
if (!composed) throw new Error(`docker-compose.yml has no ${SERVICE}`);

let tree: ImageTree;
let container: Container;
beforeAll(async () => {
  tree = await imageTree(root, composed.build.dockerfile, composed.build.target);
  container = await containerOf(tree, composed, [infoFile, stateFile]);
});
afterAll(async () => {
  await container[Symbol.asyncDispose]();
  await tree[Symbol.asyncDispose]();
  await dropDatabase(info, DATABASE);
});

/** Runs a command to its end. */
async function ended(command: readonly string[], env: Readonly<Record<string, string>>) {
  const child = container.run(command, env, ['ignore', 'pipe', 'inherit']);
  const out = child.stdout ? text(child.stdout) : '';
  await once(child, 'close');
  return { out: await out, code: child.exitCode };
}

it('the image has what its programs need, and neither tests nor tools of development', () => {
  for (const path of [`services/${SERVICE}/src/main.ts`, 'generated', 'node_modules'])
    expect(existsSync(join(tree.folder, path)), path).toBe(true);
  for (const path of [`services/${SERVICE}/test`, 'tools/house/src', 'docs', '.git', '.atlas', 'node_modules/vitest'])
    expect(existsSync(join(tree.folder, path)), path).toBe(false);
});

it('the user of the image has no rights and can write nothing', async () => {
  expect([tree.user, tree.workdir]).toEqual(['node', '/atlas']);
  if (!container.isClosed) return;
  const tried = `grep -E '^(CapEff|CapBnd|NoNewPrivs):' /proc/self/status; id --user; ls "$ATLAS_STACK_DIR"
    for folder in . /tmp "$ATLAS_STACK_DIR"; do touch "$folder/new" 2>/dev/null && echo "wrote $folder"; done; true`;
  const { out, code } = await ended(['sh', '-c', tried], tree.env);
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    `CapEff:\t${'0'.repeat(16)}`,
    `CapBnd:\t${'0'.repeat(16)}`,
    'NoNewPrivs:\t1',
    '1000',
    basename(infoFile),
    basename(stateFile),
    '',
  ]);
});

it('a service of the image starts as docker-compose.yml says, becomes ready and answers', async () => {
  await deployContracts(info, { namespace: NAMESPACE });
  const { ownerUrl, appUrl } = await cloneDatabase(info, SERVICE, DATABASE, { template: 'template1', replace: true });
  await migrateService(info, SERVICE, { root: tree.folder, ownerUrl });
  const env = { ...tree.env, ...composed.environment };
  // a test has ports, topics and a database of its own
  const own = { PORT: '0', ADMIN_PORT: '0', ATLAS_NAMESPACE: NAMESPACE, DATABASE_URL: appUrl };
  const command = [...tree.entrypoint, ...composed.command];
  const child = container.run(command, { ...env, ...own }, ['ignore', 'pipe', 'inherit']);
  const gone = once(child, 'close').then(() => undefined);
  try {
    const { promise, resolve, reject } = Promise.withResolvers<NonNullable<ReturnType<typeof listeningOf>>>();
    void gone.then(() => reject(new Error(`${SERVICE} has ended`)));
    if (!child.stdout) throw new Error('the service has no output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = listeningOf(line);
      if (found) resolve(found);
    });
    const { url, adminUrl } = await promise;
    await untilReady({ service: SERVICE, adminUrl, log: 'none', logFrom: 0, gone });
    const headers = { authorization: `Bearer ${await login(info, 'olga')}` };
    const answer = await fetch(url + PATH, { headers });
    expect(answer.status, await answer.text()).toBe(200);
    // the check of docker-compose.yml is right about this service, and would notice one that is not ready
    const [, ...check] = composed.healthcheck.test;
    const asked = (port: string) =>
      ended(
        check.map((word) => word.replace('127.0.0.1:9000', `127.0.0.1:${port}`)),
        env,
      );
    expect(await asked(new URL(adminUrl).port)).toMatchObject({ code: 0 });
    expect(await asked('1')).toMatchObject({ code: 1 });
  } finally {
    child.kill();
    await gone;
  }
});
