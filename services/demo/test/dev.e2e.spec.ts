import { utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isUp, stackStatus } from '@atlas/stack';
import { expect, it } from 'vitest';
import { devCommand } from './command.ts';

const FILE = fileURLToPath(new URL('../../orders/src/app/view.ts', import.meta.url));

it('make dev starts only the service again whose file was saved, and leaves the stack up', async () => {
  const dev = devCommand();
  const starts = (service: string): number => dev.printed().split(`✓ ${service}`).length - 1;
  await dev.says('✓ orders');
  await dev.says('✓ inventory');
  utimesSync(FILE, new Date(), new Date());
  await expect.poll(() => starts('orders')).toBe(2);
  expect(starts('inventory')).toBe(1);
  dev.interrupt();
  expect((await dev.ended()).exitCode).toBe(0);
  expect(isUp(await stackStatus())).toBe(true);
});
