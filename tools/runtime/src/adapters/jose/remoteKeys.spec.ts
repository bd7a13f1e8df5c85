import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordingLog } from '../../../test/boxOffice.ts';
import { issuerKey, keyServer, signed, type IssuerKey, type KeyServer } from '../../../test/keyServer.ts';
import type { LogFields } from '../../ports/log.ts';
import { promMetrics } from '../prom-client/promMetrics.ts';
import { COOLDOWN_MS, FRESH_MS } from './remoteKeys.ts';
import { tokenVerifier, type TokenVerifier } from './tokenVerifier.ts';

const issuer = 'https://issuer.example';
const [first, second, stranger] = await Promise.all(['first', 'second', 'stranger'].map((kid) => issuerKey(kid)));

let server: KeyServer;
let verifier: TokenVerifier;
let now: number;
let lines: { level: string; message: string; fields: LogFields }[];
let metrics: ReturnType<typeof promMetrics>;

beforeEach(async () => {
  now = 1_000;
  lines = [];
  metrics = promMetrics('bookings');
  server = await keyServer();
});
afterEach(() => server.close());

async function start(): Promise<void> {
  verifier = await tokenVerifier({
    keys: { url: server.url },
    issuer,
    audience: 'bookings',
    algorithms: ['RS256'],
    toxicRoles: [],
    clock: { now: () => new Date(), monotonic: () => now },
    log: recordingLog(lines),
    metrics,
  });
}

async function tokenOf(key: IssuerKey | undefined): Promise<string> {
  if (key === undefined) throw new Error('no such key');
  return signed({ sub: 'kim', iss: issuer, aud: 'bookings', exp: Date.now() / 1_000 + 60 }, key);
}

/** Resolves to the actor's id, or to the code of the refusal. */
async function ask(key: IssuerKey | undefined): Promise<string> {
  return answerTo(await tokenOf(key));
}

async function answerTo(token: string): Promise<string> {
  return verifier.authenticate({ authorization: `Bearer ${token}` }).then(
    ({ id }) => id,
    (error: unknown) => String(error instanceof Error && 'code' in error ? error.code : error),
  );
}

const keysOf = (...keys: readonly (IssuerKey | undefined)[]) => keys.filter((key) => key !== undefined);

describe('keys of an issuer', () => {
  it('are fetched at the start, and not again for tokens that they verify', async () => {
    server.answer(keysOf(first, second));
    await start();
    expect(await Promise.all([ask(first), ask(second), ask(first)])).toEqual(['kim', 'kim', 'kim']);
    expect(server.asked()).toBe(1);
    expect(await verifier.check?.()).toEqual({ name: 'keys', ok: true });
  });

  it('survive a rotation: the new key is fetched when a token names it, and the old one stays valid', async () => {
    server.answer(keysOf(first));
    await start();
    server.answer(keysOf(first, second));
    now += COOLDOWN_MS;
    expect(await Promise.all([ask(second), ask(second), ask(first)])).toEqual(['kim', 'kim', 'kim']);
    expect(server.asked()).toBe(2);
  });

  it('that are withdrawn verify no tokens once the keys were fetched again, not even tokens that they verified before', async () => {
    server.answer(keysOf(first, second));
    await start();
    const token = await tokenOf(first);
    expect(await answerTo(token)).toBe('kim');
    server.answer(keysOf(second));
    now += FRESH_MS - 1;
    expect(await answerTo(token)).toBe('kim');
    now += 1;
    expect(await answerTo(token)).toBe('ATLAS_TOKEN');
  });

  it('are asked for once per cooldown by a flood of unknown keys, whether the issuer answers or not', async () => {
    server.answer(keysOf(first));
    await start();
    const flood = () => Promise.all(Array.from({ length: 50 }, () => ask(stranger)));
    const refused = Array.from({ length: 50 }, () => 'ATLAS_TOKEN');
    expect(await flood()).toEqual(refused);
    expect(server.asked()).toBe(1);
    now += COOLDOWN_MS;
    expect([await flood(), await flood()]).toEqual([refused, refused]);
    expect(server.asked()).toBe(2);
    server.answer([], { status: 500 });
    now += COOLDOWN_MS;
    expect([await flood(), await flood()]).toEqual([refused, refused]);
    expect(server.asked()).toBe(3);
    expect(await ask(first)).toBe('kim');
  });

  it.each([
    ['answers 500', async () => server.answer([], { status: 500 })],
    ['redirects', async () => server.answer(keysOf(stranger), { status: 302 })],
    ['answers with something other than keys', async () => server.answer([], { text: '<html>' })],
    ['answers without end', async () => server.answer([], { text: `{"keys":[${' '.repeat(300_000)}]}` })],
    ['does not answer', () => server.close()],
  ])('stay in use if the issuer %s', async (_what, fail) => {
    server.answer(keysOf(first));
    await start();
    await fail();
    now += FRESH_MS;
    expect([await ask(first), await ask(stranger)]).toEqual(['kim', 'ATLAS_TOKEN']);
    expect(lines).toMatchObject([{ level: 'warn', message: 'could not fetch the keys of the issuer' }]);
    expect(lines[0]?.fields).toMatchObject({ kept: true });
    const text = await metrics.text();
    expect(text).toMatch(/atlas_auth_key_fetches_total\{.*outcome="failed".*\} 1/);
    expect(text).toMatch(/atlas_auth_keys_age_seconds.* 300/);
  });

  it('that are old do not make requests wait for an issuer that did not answer the last time', async () => {
    server.answer(keysOf(first));
    await start();
    server.answer([], { status: 500 });
    now += FRESH_MS;
    expect(await ask(first)).toBe('kim');
    server.hang();
    now += COOLDOWN_MS;
    expect(await Promise.all([ask(first), ask(first)])).toEqual(['kim', 'kim']);
    await expect.poll(() => server.waiting()).toBe(1);
    expect(server.asked()).toBe(3);
  });

  it('that the issuer withdraws are no longer accepted after a while', async () => {
    server.answer(keysOf(first, second));
    await start();
    server.answer(keysOf(second));
    expect(await ask(first)).toBe('kim');
    now += FRESH_MS;
    expect([await ask(first), await ask(second)]).toEqual(['ATLAS_TOKEN', 'kim']);
  });

  it('are needed to verify any token, and a readiness check fetches them if they were never there', async () => {
    await start();
    expect(await ask(first)).toBe('ATLAS_KEYS_UNAVAILABLE');
    expect(await verifier.check?.()).toMatchObject({ ok: false, note: expect.stringContaining(server.url) });
    expect(server.asked()).toBe(1);
    server.answer(keysOf(first));
    now += COOLDOWN_MS;
    expect(await verifier.check?.()).toMatchObject({ ok: true });
    expect(await ask(first)).toBe('kim');
  });
});
