import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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
import { imageTree, type ImageTree } from './imageTree.ts';

const { root, dir, cache } = layoutOf();
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

interface Container {
  readonly build: { readonly dockerfile: string; readonly target: string };
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}
// cast: compose.spec.ts checks the file
const { services } = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Container>>;
};

const info = readStack();
if (!info) throw new Error('no stack is up: run `make up` first');
const [SERVICE, PATH] = readable();
const container = services[SERVICE];
if (!container) throw new Error(`docker-compose.yml has no ${SERVICE}`);

let tree: ImageTree;
beforeAll(async () => {
  tree = await imageTree(root, container.build.dockerfile, container.build.target);
});
afterAll(async () => {
  await tree[Symbol.asyncDispose]();
  await dropDatabase(info, DATABASE);
});

it('the image has what its programs need, and neither tests nor tools of development', () => {
  for (const path of [`services/${SERVICE}/src/main.ts`, 'generated', 'node_modules'])
    expect(existsSync(join(tree.folder, path)), path).toBe(true);
  for (const path of [`services/${SERVICE}/test`, 'tools/house/src', 'docs', '.git', '.atlas', 'node_modules/vitest'])
    expect(existsSync(join(tree.folder, path)), path).toBe(false);
});

it('a service of the image starts as docker-compose.yml says, becomes ready and answers', async () => {
  await deployContracts(info, { namespace: NAMESPACE });
  const { ownerUrl, appUrl } = await cloneDatabase(info, SERVICE, DATABASE, { template: 'template1', replace: true });
  await migrateService(info, SERVICE, { root: tree.folder, ownerUrl });
  const [, ...entrypoint] = tree.entrypoint;
  const child = spawn(process.execPath, [...entrypoint, ...container.command], {
    cwd: tree.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      ...tree.env,
      ...container.environment,
      // a test has ports, topics and a database of its own; the volume of the stack is the folder of this stack
      PORT: '0',
      ADMIN_PORT: '0',
      ATLAS_NAMESPACE: NAMESPACE,
      DATABASE_URL: appUrl,
      ATLAS_STACK_DIR: dir,
      ATLAS_CACHE: cache,
    },
  });
  const gone = once(child, 'close').then(() => undefined);
  try {
    const { promise, resolve, reject } = Promise.withResolvers<NonNullable<ReturnType<typeof listeningOf>>>();
    void gone.then(() => reject(new Error(`${SERVICE} has ended`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = listeningOf(line);
      if (found) resolve(found);
    });
    const { url, adminUrl } = await promise;
    await untilReady({ service: SERVICE, adminUrl, log: 'none', gone });
    const headers = { authorization: `Bearer ${await login(info, 'olga')}` };
    const answer = await fetch(url + PATH, { headers });
    expect(answer.status, await answer.text()).toBe(200);
  } finally {
    child.kill();
    await gone;
  }
});
