import { utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isUp, stackStatus } from '@atlas/stack';
import { expect, it } from 'vitest';
import { SERVICES } from '../../src/system/services.ts';
import { devCommand } from './command.ts';

const [saved = '', ...others] = SERVICES;
const FILE = fileURLToPath(new URL(`../../../${saved}/src/main.ts`, import.meta.url));

it('make dev starts only the service again whose file was saved, and leaves the stack up', async () => {
  const dev = devCommand();
  const starts = (service: string): number => dev.printed().split(`✓ ${service}`).length - 1;
  for (const service of SERVICES) await dev.says(`✓ ${service}`);
  utimesSync(FILE, new Date(), new Date());
  await expect.poll(() => starts(saved)).toBe(2);
  expect(others.map(starts)).toEqual(others.map(() => 1));
  dev.interrupt();
  expect((await dev.ended()).exitCode).toBe(0);
  expect(isUp(await stackStatus())).toBe(true);
});
