import { Redis } from 'ioredis';
import { promMetrics } from '@atlas/runtime/internal/metrics';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logInto } from '../../test/scene.ts';
import { Wire } from '../../test/wire.ts';
import { Counts } from './counts.ts';

const HOUR_MS = 3_600_000;
const wire = new Wire();
let counts: Counts;
let redis: Redis;

beforeAll(async () => {
  await wire.open();
  redis = new Redis(wire.url, { lazyConnect: true });
  await redis.connect();
  const namespace = `counts-${process.pid}-${Date.now()}.`;
  counts = new Counts({ redis, namespace, log: logInto([]), metrics: promMetrics('gateway') });
});
afterAll(() => {
  counts.close();
  redis.disconnect();
  wire.cut();
});

it('include a request that is being sent to Redis while an earlier answer of Redis arrives', async () => {
  wire.hold();
  expect(await counts.add('kim', HOUR_MS)).toMatchObject({ current: 1 });
  expect(await counts.add('kim', HOUR_MS)).toMatchObject({ current: 2 });
  // both were sent to Redis, one after the other
  await expect.poll(() => wire.held).toBe(2);
  const third = counts.add('kim', HOUR_MS);
  wire.release();
  expect(await third).toMatchObject({ current: 3 });
});
