import { linkSync, mkdirSync, mkdtempDisposableSync, realpathSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUp, stackStatus } from '@atlas/stack';
import { expect, it } from 'vitest';
import { SERVICES } from '../../src/system/services.ts';
import { devCommand } from './command.ts';

const [saved = '', ...others] = SERVICES;
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const FILE = join(ROOT, 'services', saved, 'src/main.ts');
/** A file that every service loads. */
const PACKAGE = join(ROOT, 'tools/runtime/node_modules/fastify/fastify.js');
/** On the same file system, as links must be. */
const STATE = join(ROOT, '.atlas');

it('make dev starts only the service again whose file was saved, and leaves the stack up', async () => {
  const dev = devCommand();
  const starts = (service: string): number => dev.printed().split(`✓ ${service}`).length - 1;
  for (const service of SERVICES) await dev.says(`✓ ${service}`);
  await dev.says('"make token ROLES=ops,admin" prints one');
  await dev.says('after a change, run "make generate"');
  // what installing packages in another clone does, because both share these files
  mkdirSync(STATE, { recursive: true });
  using other = mkdtempDisposableSync(join(STATE, 'clone-'));
  linkSync(realpathSync(PACKAGE), join(other.path, 'package.js'));
  utimesSync(FILE, new Date(), new Date());
  await expect.poll(() => starts(saved)).toBe(2);
  expect(others.map(starts)).toEqual(others.map(() => 1));
  expect(dev.printed()).not.toContain('node_modules');
  dev.interrupt();
  expect((await dev.ended()).exitCode).toBe(0);
  expect(isUp(await stackStatus())).toBe(true);
});
