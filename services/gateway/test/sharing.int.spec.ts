import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scene, type Scene } from './scene.ts';
import { signer, type Signer } from './signer.ts';
import { LOGIN, logOut, sealedSession, SESSION } from './sealedSession.ts';
import { Visitor } from './visitor.ts';
import { Wire } from './wire.ts';

const wire = new Wire();
const gateways: Scene[] = [];
let keys: Signer;
const LIMITS = { GATEWAY_LIMIT_WINDOW_SECONDS: '3600', GATEWAY_LIMIT_READ: '6' };

beforeAll(async () => {
  await wire.open();
  const env = { ...LIMITS, ...LOGIN, REDIS_URL: wire.url, ATLAS_NAMESPACE: `test-${process.pid}-${Date.now()}.` };
  keys = await signer();
  for (let count = 0; count < 2; count++) gateways.push(await scene({ env, signer: keys }));
});
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  keys.close();
  wire.cut();
});

/** The rest of the quota after a request through one of the gateways, or the status if it is refused. */
async function leftAfter(index: number, sub: string): Promise<number> {
  const gateway = gateways[index];
  const headers = { authorization: (await gateway?.bearer(sub)) ?? '' };
  const answer = await gateway?.ask('/v1/tickets/7', { headers });
  await answer?.text();
  return answer?.status === 200 ? Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]) : -1;
}

const readyOf = async (gateway: Scene | undefined) => (await fetch(`${gateway?.gateway.adminUrl}/health/ready`)).json();

/** Logs somebody in at the first gateway, and out again. Resolves to a copy of the cookie before the logout. */
async function loggedOut(sub: string): Promise<string> {
  const [first] = gateways;
  if (first === undefined) throw new Error('there is no gateway');
  const visitor = new Visitor();
  const jar = visitor.cookies(first.gateway.url);
  await sealedSession(first, visitor, { sub, expiresIn: 600_000 });
  const copy = jar.get(SESSION) ?? '';
  expect(await seenWith(copy)).toEqual([200, 200]);
  await logOut(first, visitor);
  return copy;
}

/** The status with which each gateway answers a visit to a page with this cookie. */
async function seenWith(cookie: string): Promise<readonly number[]> {
  const answers = gateways.map(({ gateway }) => {
    const visitor = new Visitor();
    visitor.cookies(gateway.url).set(SESSION, cookie);
    return visitor.go(`${gateway.url}/v1/tickets/7`);
  });
  return (await Promise.all(answers)).map(({ status }) => status);
}

describe('two gateways with one Redis', () => {
  it('share the quota of a principal', async () => {
    expect(await leftAfter(0, 'kim')).toBe(5);
    expect(await leftAfter(0, 'kim')).toBe(4);
    // the second gateway asks Redis before its first answer, so it knows both once Redis does
    await expect.poll(() => leftAfter(1, 'kim')).toBeLessThanOrEqual(3);
    await expect.poll(() => leftAfter(0, 'kim')).toBe(-1);
    await expect.poll(() => leftAfter(1, 'kim')).toBe(-1);
    expect(await leftAfter(1, 'lee')).toBe(5);
  });

  it('let nobody in with the cookie of a session that was ended at one of them', async () => {
    expect(await seenWith(await loggedOut('max'))).toEqual([302, 302]);
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
    const copy = await loggedOut('eva');
    // the second gateway cannot know it
    expect(await seenWith(copy)).toEqual([302, 200]);
    await wire.open();
    // Redis gets what it has missed
    await expect.poll(() => seenWith(copy)).toEqual([302, 302]);
    // any request tries Redis again
    await expect
      .poll(async () => [await leftAfter(0, 'ada'), await readyOf(gateways[0])])
      .toEqual([
        expect.any(Number),
        expect.objectContaining({ checks: expect.arrayContaining([{ name: 'redis', ok: true }]) }),
      ]);
    // One line when Redis becomes unavailable and one when it is back, however many requests there were. On a busy
    // machine, Redis may answer too late once more.
    const levels = gateways[0]?.lines.filter(({ message }) => message.startsWith('Redis is')).map(({ level }) => level);
    expect(levels?.length).toBeGreaterThan(0);
    expect(levels).toEqual(levels?.map((_, index) => (index % 2 === 0 ? 'warn' : 'info')));
    expect(levels?.at(-1)).toBe('info');
  });
});
