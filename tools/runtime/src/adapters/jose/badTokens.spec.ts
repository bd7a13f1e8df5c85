import { exportSPKI, importJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { boxOffice, recordingLog } from '../../../test/boxOffice.ts';
import { issuerKey, keyServer, signed } from '../../../test/keyServer.ts';
import { stubSessions, stubStore } from '../../../test/stubStore.ts';
import { systemClock } from '../clock/systemClock.ts';
import { promMetrics } from '../prom-client/promMetrics.ts';
import { tokenVerifier } from './tokenVerifier.ts';

/** The answers over HTTP to each kind of token, by a service that gets its keys from an issuer. */

const issuer = 'https://issuer.example';
const own = await issuerKey('own');
const stranger = await issuerKey('stranger');
const impostor = { ...stranger, published: { ...stranger.published, kid: 'own' } };
const server = await keyServer();
server.answer([own]);
const authenticator = await tokenVerifier({
  keys: { url: server.url },
  issuer,
  audience: 'bookings',
  algorithms: ['RS256', 'ES256'],
  toxicRoles: [['clerk', 'auditor']],
  clock: systemClock,
  log: recordingLog([]),
  metrics: promMetrics('bookings'),
});
const office = await boxOffice(
  '',
  { getBooking: async () => ({ status: 200, body: { bookingId: 'b-1', seats: 1 }, version: 7n }) },
  { store: stubStore(), ...stubSessions },
  { authenticator },
);
const url = await office.app.listen({ port: 0, host: '127.0.0.1' });
afterAll(() => Promise.all([office.stop(), server.close()]));

const now = Math.floor(Date.now() / 1_000);
const roles = (...names: readonly string[]) => ({ realm_access: { roles: names } });
const claims: JWTPayload = { sub: 'kim', iss: issuer, aud: ['offices', 'bookings'], exp: now + 60, ...roles('clerk') };
const of = (other: JWTPayload) => signed({ ...claims, ...other }, own);

/** A token whose signature uses the public key as if it were a shared secret, which a careless verifier accepts. */
async function publicKeyAsSecret(): Promise<string> {
  const key = await importJWK(own.published, 'RS256', { extractable: true });
  if (key instanceof Uint8Array) throw new Error('not a public key');
  const secret = new TextEncoder().encode(await exportSPKI(key));
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'own' }).sign(secret);
}

/** A token that is signed with a key in its own header (RFC 7515, section 4.1.3). */
function withOwnKey(): Promise<string> {
  const { privateKey, published } = stranger;
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', jwk: published, jku: server.url }).sign(privateKey);
}

const FORBIDDEN = 'Bearer error="insufficient_scope"';
const INVALID = 'Bearer error="invalid_token"';

describe('a request', () => {
  it.each([
    ['with a good token', of({}), 200, undefined, null],
    ['without a token', undefined, 401, 'unauthenticated', 'Bearer'],
    ['with a token without a signature (alg none)', new UnsecuredJWT(claims).encode(), 401, 'unauthenticated', INVALID],
    [
      'with a token signed with the public key as a secret (HS256)',
      publicKeyAsSecret(),
      401,
      'unauthenticated',
      INVALID,
    ],
    ['with a token for another service', of({ aud: ['offices'] }), 401, 'unauthenticated', INVALID],
    ['with a token for no service', of({ aud: [] }), 401, 'unauthenticated', INVALID],
    ['with a token of another issuer', of({ iss: 'https://other.example' }), 401, 'unauthenticated', INVALID],
    ['with a token that has expired', of({ exp: now - 60 }), 401, 'unauthenticated', INVALID],
    ['with a token that is not valid yet', of({ nbf: now + 60 }), 401, 'unauthenticated', INVALID],
    ['with a token of an unknown key', signed(claims, stranger), 401, 'unauthenticated', INVALID],
    ['with a token that has its own key in its header', withOwnKey(), 401, 'unauthenticated', INVALID],
    ['with a token of another key with a known key id', signed(claims, impostor), 401, 'unauthenticated', INVALID],
    ['with a token without a role', of(roles()), 403, 'forbidden-role', FORBIDDEN],
    ['with a token with a role that may not call this', of(roles('usher')), 403, 'forbidden-role', FORBIDDEN],
    [
      'with a token with roles that nobody may have together',
      of(roles('clerk', 'auditor')),
      401,
      'unauthenticated',
      INVALID,
    ],
    ['with a token of more than 8 KiB', of({ more: 'x'.repeat(8_192) }), 401, 'unauthenticated', INVALID],
    ['with a token of more than 16 KiB', of({ more: 'x'.repeat(16_384) }), 431, 'headers-too-large', null],
    ['with a token that is cut off', of({}).then((token) => token.slice(0, -20)), 401, 'unauthenticated', INVALID],
  ])('%s', async (_what, token, status, code, challenge) => {
    const bearer = await token;
    const answer = await fetch(`${url}/v1/bookings/b-1`, {
      headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    });
    const body: unknown = await answer.json();
    expect({ status: answer.status, body }).toMatchObject({ status, body: code === undefined ? {} : { code } });
    expect(answer.headers.get('www-authenticate')).toBe(challenge);
  });

  it('is answered 503 with Retry-After while the issuer has never given its keys', async () => {
    const silent = await keyServer();
    const without = await boxOffice(
      '',
      {},
      { store: stubStore(), ...stubSessions },
      {
        authenticator: await tokenVerifier({
          keys: { url: silent.url },
          issuer,
          audience: 'bookings',
          algorithms: ['RS256'],
          toxicRoles: [],
          clock: systemClock,
          log: recordingLog([]),
          metrics: promMetrics('bookings'),
        }),
      },
    );
    const headers = { authorization: `Bearer ${await of({})}` };
    const answer = await without.app.inject({ url: '/v1/bookings/b-1', headers });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'unavailable' });
    expect(answer.headers['retry-after']).toBe('1');
    await Promise.all([without.stop(), silent.close()]);
  });
});
