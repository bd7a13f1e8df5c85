import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { Actor } from '../../contract/handler.ts';
import { AtlasError } from '../../contract/atlasError.ts';
import type { Authenticator } from '../../ports/authenticator.ts';
import type { Clock } from '../../ports/clock.ts';

export interface VerifierOptions {
  /** A file with the public keys as a JWK Set (RFC 7517, section 5). */
  readonly jwksFile: string;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
}

/** Only algorithms with a key pair: otherwise a token could have a public key checked as a shared secret. */
const ALGORITHMS = new Set(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']);
/** How much two clocks may differ. */
const TOLERANCE_SECONDS = 5;

/**
 * Verifies bearer tokens (RFC 6750) with the keys of a file: signature, issuer, audience, expiry. Only the algorithms
 * of the keys are accepted. The actor is `sub`, its roles are `realm_access.roles`, like in Keycloak's tokens. Throws
 * `AtlasError` ATLAS_AUTH if the file has no suitable key.
 */
export async function localVerifier({ jwksFile, issuer, audience, clock }: VerifierOptions): Promise<Authenticator> {
  const jwks = await readKeys(jwksFile);
  const algorithms = [...new Set(jwks.keys.map(algorithmOf))].filter((name) => ALGORITHMS.has(name));
  if (algorithms.length === 0)
    throw new AtlasError('ATLAS_AUTH', `${jwksFile} has no public key of RSA, EC or Ed25519`);
  const keys = createLocalJWKSet(jwks);
  return {
    authenticate: async (headers) => {
      const token = bearerOf(headers['authorization']);
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer,
          audience,
          algorithms,
          clockTolerance: TOLERANCE_SECONDS,
          currentDate: clock.now(),
          requiredClaims: ['sub', 'exp'],
        });
        return actorOf(payload);
      } catch (error) {
        throw error instanceof AtlasError ? error : unauthenticated(reasonOf(error), error);
      }
    },
  };
}

async function readKeys(file: string): Promise<JSONWebKeySet> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new AtlasError('ATLAS_AUTH', `cannot read AUTH_JWKS_FILE ${file}: is it a JWK Set?`, { cause: error });
  }
  if (!isKeySet(parsed)) throw new AtlasError('ATLAS_AUTH', `AUTH_JWKS_FILE ${file} is not a JWK Set: {"keys": […]}`);
  return parsed;
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys)) return false;
  const keys: readonly unknown[] = value.keys;
  return keys.every((key) => typeof key === 'object' && key !== null && 'kty' in key && typeof key.kty === 'string');
}

function algorithmOf({ alg, kty, crv }: JSONWebKeySet['keys'][number]): string {
  if (alg !== undefined) return alg;
  if (kty === 'RSA') return 'RS256';
  if (kty === 'OKP') return crv === 'Ed25519' ? 'EdDSA' : '';
  return kty === 'EC' ? (crv === 'P-384' ? 'ES384' : 'ES256') : '';
}

function bearerOf(header: string | readonly string[] | undefined): string {
  if (header === undefined) throw unauthenticated('send Authorization: Bearer <token>');
  const token = typeof header === 'string' ? /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header.trim())?.[1] : undefined;
  if (token === undefined) throw unauthenticated('Authorization is not a bearer token');
  return token;
}

function actorOf({ sub, realm_access: access }: JWTPayload): Actor {
  if (sub === undefined || sub === '') throw unauthenticated('the token has no subject');
  const roles: readonly unknown[] =
    typeof access === 'object' && access !== null && 'roles' in access && Array.isArray(access.roles)
      ? access.roles
      : [];
  return { id: sub, roles: roles.filter((role) => typeof role === 'string') };
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token's ${error.claim} is not accepted here`;
  return 'the token is not accepted here';
}

function unauthenticated(reason: string, cause?: unknown): AtlasError {
  return new AtlasError('ATLAS_UNAUTHENTICATED', reason, { cause });
}
