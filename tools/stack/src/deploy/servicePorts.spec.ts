import { expect, it } from 'vitest';
import { servicePorts } from './servicePorts.ts';

it('services that start at the same time have different ports, although nothing listens there yet', async () => {
  const both = await Promise.all([servicePorts(['tickets', 'venues']), servicePorts(['tickets', 'venues'])]);
  const all = both.flatMap(({ of }) => ['tickets', 'venues'].flatMap((name) => [of(name).rest, of(name).admin]));
  expect(new Set(all).size).toBe(8);
  for (const { release } of both) release();
});
