import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scene, type Scene } from './scene.ts';
import { Wire } from './wire.ts';

const wire = new Wire();
const gateways: Scene[] = [];
const LIMITS = { GATEWAY_LIMIT_WINDOW_SECONDS: '3600', GATEWAY_LIMIT_READ: '6' };

beforeAll(async () => {
  await wire.open();
  const env = { ...LIMITS, REDIS_URL: wire.url, ATLAS_NAMESPACE: `test-${process.pid}-${Date.now()}.` };
  for (let count = 0; count < 2; count++) gateways.push(await scene({ env }));
});
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  wire.cut();
});

/** Left of the quota after a request through one of the gateways, or the status if it is refused. */
async function leftAfter(index: number, sub: string): Promise<number> {
  const gateway = gateways[index];
  const headers = { authorization: (await gateway?.bearer(sub)) ?? '' };
  const answer = await gateway?.ask('/v1/tickets/7', { headers });
  await answer?.text();
  return answer?.status === 200 ? Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]) : -1;
}

const readyOf = async (gateway: Scene | undefined) => (await fetch(`${gateway?.gateway.adminUrl}/health/ready`)).json();

describe('two gateways with one Redis', () => {
  it('share the quota of a principal', async () => {
    expect(await leftAfter(0, 'kim')).toBe(5);
    expect(await leftAfter(0, 'kim')).toBe(4);
    // the other one asks before its first answer, once it was told of both
    await expect.poll(() => leftAfter(1, 'kim')).toBeLessThanOrEqual(3);
    await expect.poll(() => leftAfter(0, 'kim')).toBe(-1);
    await expect.poll(() => leftAfter(1, 'kim')).toBe(-1);
    expect(await leftAfter(1, 'lee')).toBe(5);
  });

  it('count for themselves while Redis is unavailable, stay ready, and share again', async () => {
    wire.cut();
    await expect
      .poll(async () => [await leftAfter(0, 'ida'), await readyOf(gateways[0])])
      .toEqual([
        expect.any(Number),
        expect.objectContaining({
          status: 'ready',
          checks: expect.arrayContaining([
            expect.objectContaining({ name: 'redis', ok: true, note: expect.any(String) }),
          ]),
        }),
      ]);
    expect(await leftAfter(0, 'zoe')).toBe(5);
    expect(await leftAfter(0, 'zoe')).toBe(4);
    expect(await leftAfter(1, 'zoe')).toBe(5);
    await wire.open();
    // a request of anybody tries Redis again
    await expect
      .poll(async () => [await leftAfter(0, 'ada'), await readyOf(gateways[0])])
      .toEqual([
        expect.any(Number),
        expect.objectContaining({ checks: expect.arrayContaining([{ name: 'redis', ok: true }]) }),
      ]);
    // One line when Redis becomes unavailable and one when it is back, however many requests there were. A machine that
    // is busy may see Redis answer too late once more.
    const levels = gateways[0]?.lines.filter(({ message }) => message.startsWith('Redis is')).map(({ level }) => level);
    expect(levels?.length).toBeGreaterThan(0);
    expect(levels).toEqual(levels?.map((_, index) => (index % 2 === 0 ? 'warn' : 'info')));
    expect(levels?.at(-1)).toBe('info');
  });
});
