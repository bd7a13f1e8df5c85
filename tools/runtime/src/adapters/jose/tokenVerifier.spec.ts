import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Authenticator } from '../../ports/authenticator.ts';
import { recordingLog } from '../../../test/boxOffice.ts';
import { promMetrics } from '../prom-client/promMetrics.ts';
import { tokenVerifier, type VerifierOptions } from './tokenVerifier.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const options = {
  issuer: 'https://issuer.example',
  audience: 'box-office',
  algorithms: ['RS256', 'ES256'],
  toxicRoles: [['clerk', 'auditor']],
  clock: { now: () => NOW, monotonic: () => 0 },
  log: recordingLog([]),
  metrics: promMetrics('box-office'),
} as const satisfies Omit<VerifierOptions, 'keys'>;
const folder = mkdtempSync(join(tmpdir(), 'atlas-auth-'));
const jwksFile = join(folder, 'jwks.json');
let own: CryptoKey;
let foreign: CryptoKey;
let verifier: Authenticator;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  own = pair.privateKey;
  foreign = (await generateKeyPair('RS256')).privateKey;
  const key = { ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
  writeFileSync(jwksFile, JSON.stringify({ keys: [key] }));
  verifier = await tokenVerifier({ keys: { file: jwksFile }, ...options });
});
afterAll(() => rmSync(folder, { recursive: true }));

const seconds = NOW.getTime() / 1000;
const claims: JWTPayload = {
  sub: 'kim',
  iss: options.issuer,
  aud: options.audience,
  exp: seconds + 60,
  realm_access: { roles: ['clerk', 7] },
};
const sign = (payload: JWTPayload, key = own, alg = 'RS256', typ?: string) =>
  new SignJWT(payload).setProtectedHeader({ alg, kid: 'k', ...(typ === undefined ? {} : { typ }) }).sign(key);
const roles = (...names: readonly string[]) => ({ realm_access: { roles: names } });
const ask = (token: string) => verifier.authenticate({ authorization: `Bearer ${token}` });

describe('a token', () => {
  it('gives the actor and the roles', async () => {
    expect(await ask(await sign(claims))).toEqual({ id: 'kim', roles: ['clerk'] });
    const { realm_access: _none, ...bare } = claims;
    expect(await ask(await sign(bare))).toEqual({ id: 'kim', roles: [] });
  });

  it('may have a subject of 255 code points, and name the type of access tokens', async () => {
    const sub = '\u{1f600}'.repeat(255);
    expect(await ask(await sign({ ...claims, sub, typ: 'Bearer' }))).toMatchObject({ id: sub });
    expect(await ask(await sign(claims, own, 'RS256', 'at+jwt'))).toMatchObject({ id: 'kim' });
    await expect(ask(await sign(claims, own, 'RS256', 'logout+jwt'))).rejects.toThrow('is not an access token');
  });

  it('is accepted for a few seconds after it expires, because clocks differ', async () => {
    expect(await ask(await sign({ ...claims, exp: seconds - 4 }))).toMatchObject({ id: 'kim' });
  });

  it('is refused once it has expired, also if it was accepted before', async () => {
    let now = NOW;
    const clock = { now: () => now, monotonic: () => 0 };
    const other = await tokenVerifier({ keys: { file: jwksFile }, ...options, clock });
    const authorization = `Bearer ${await sign(claims)}`;
    expect(await other.authenticate({ authorization })).toMatchObject({ id: 'kim' });
    now = new Date(NOW.getTime() + 64_000);
    expect(await other.authenticate({ authorization })).toMatchObject({ id: 'kim' });
    now = new Date(NOW.getTime() + 65_000);
    await expect(other.authenticate({ authorization })).rejects.toThrow('the token has expired');
  });

  it('is not verified again until as many others were used as are remembered', async () => {
    const other = await tokenVerifier({ keys: { file: jwksFile }, ...options, remembered: 1 });
    const [first, second] = await Promise.all(
      ['kim', 'lee'].map(async (sub) => ({ authorization: `Bearer ${await sign({ ...claims, sub })}` })),
    );
    if (!first || !second) throw new Error('two tokens were signed');
    expect(other.known(first)).toBe(undefined);
    await other.authenticate(first);
    expect(other.known(first)).toMatchObject({ id: 'kim' });
    await other.authenticate(second);
    expect([other.known(first), other.known(second)]).toMatchObject([undefined, { id: 'lee' }]);
    expect(other.known({ authorization: [second.authorization] })).toBe(undefined);
    expect(other.known({})).toBe(undefined);
  });

  it.each([
    ['that has expired', { exp: seconds - 6 }, 'the token has expired'],
    ['for another audience', { aud: 'others' }, "the token's aud is not accepted here"],
    ['of another issuer', { iss: 'https://other.example' }, "the token's iss is not accepted here"],
    ['that is not valid yet', { nbf: seconds + 60 }, "the token's nbf is not accepted here"],
    ['that never expires', { exp: undefined }, "the token's exp is not accepted here"],
    ['without a subject', { sub: undefined }, "the token's sub is not accepted here"],
    ['with an empty subject', { sub: '' }, 'the token has no subject'],
    ['whose subject is null', { sub: null }, "the token's sub is not text"],
    ['whose subject is a number', { sub: 1 }, "the token's sub is not text"],
    ['whose subject is true', { sub: true }, "the token's sub is not text"],
    ['whose subject is an object', { sub: {} }, "the token's sub is not text"],
    ['whose subject is a list', { sub: ['kim'] }, "the token's sub is not text"],
    ['whose subject is too long', { sub: '\u{1f600}'.repeat(256) }, "the token's sub has more than 255 characters"],
    ['whose subject has a NUL', { sub: 'a\0' }, "the token's sub is not printable text"],
    ['whose subject has a line feed', { sub: 'a\nb' }, "the token's sub is not printable text"],
    ['whose subject has half of a surrogate pair', { sub: 'a\ud800' }, "the token's sub is not printable text"],
    ['with roles that nobody may have together', roles('auditor', 'other', 'clerk'), 'the roles clerk and auditor,'],
    ['that is an ID token', { typ: 'ID' }, 'the token is not an access token'],
    ['that is a refresh token', { typ: 'Refresh' }, 'the token is not an access token'],
    ['that is a logout token', { events: {} }, 'the token is not an access token'],
  ])('%s is refused', async (_what, other, reason) => {
    const payload: JWTPayload = JSON.parse(JSON.stringify({ ...claims, ...other }));
    await expect(ask(await sign(payload))).rejects.toMatchObject({
      code: 'ATLAS_TOKEN',
      message: expect.stringContaining(reason),
    });
  });

  it('of another key, without a signature, or signed with the public key as a secret is refused', async () => {
    await expect(ask(await sign(claims, foreign))).rejects.toThrow('not accepted');
    await expect(ask(new UnsecuredJWT(claims).encode())).rejects.toThrow('not');
    const secret = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'k' })
      .sign(new TextEncoder().encode('the public key, which everybody has'));
    await expect(ask(secret)).rejects.toThrow('not accepted');
  });

  it('is refused if its algorithm is not that of the keys, even if a key does not name one', async () => {
    const pair = await generateKeyPair('RS256', { extractable: true });
    const file = join(folder, 'unnamed.json');
    writeFileSync(file, JSON.stringify({ keys: [await exportJWK(pair.publicKey)] }));
    const other = await tokenVerifier({ keys: { file }, ...options });
    const { kty, n = '', e = '', d = '', p = '', q = '', dp = '', dq = '', qi = '' } = await exportJWK(pair.privateKey);
    const forPss = await importJWK({ kty: kty ?? 'RSA', n, e, d, p, q, dp, dq, qi }, 'PS256');
    const signed = (alg: string, key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
    const bearer = async (token: Promise<string>) => other.authenticate({ authorization: `Bearer ${await token}` });
    await expect(bearer(signed('RS256', pair.privateKey))).resolves.toMatchObject({ id: 'kim' });
    await expect(bearer(signed('PS256', forPss))).rejects.toMatchObject({ code: 'ATLAS_TOKEN' });
  });

  it.each([
    [undefined, 'ATLAS_UNAUTHENTICATED'],
    ['Basic a2ltOnB3', 'ATLAS_UNAUTHENTICATED'],
    [['Bearer a', 'Bearer b'], 'ATLAS_UNAUTHENTICATED'],
    ['Bearer', 'ATLAS_TOKEN'],
    ['Bearer a b', 'ATLAS_TOKEN'],
  ])('is refused if the header is %j, with the code %s', async (authorization, code) => {
    await expect(verifier.authenticate({ authorization })).rejects.toMatchObject({ code });
  });
});

describe('a key file', () => {
  it.each([
    ['that is missing', undefined, 'cannot read AUTH_JWKS_FILE'],
    ['that is not JSON', 'x', 'is not a JWK Set'],
    ['that is not a JWK Set', '{"keys":[{}]}', 'is not a JWK Set'],
    [
      'with a shared secret only',
      '{"keys":[{"kty":"oct","k":"c2VjcmV0","alg":"HS256"}]}',
      'has no public key for RS256 or ES256',
    ],
  ])('%s stops the start with a reason', async (_what, text, message) => {
    const file = join(folder, `${String(text?.length)}.json`);
    if (text !== undefined) writeFileSync(file, text);
    await expect(tokenVerifier({ keys: { file }, ...options })).rejects.toThrow(message);
  });
});
