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
  readonly clock: Pick<Clock, 'now'>;
}

/** Only algorithms with a key pair: otherwise a token could have a public key checked as a shared secret. */
const ALGORITHMS = new Set(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']);
/** How much two clocks may differ. */
const TOLERANCE_SECONDS = 5;

/**
 * Verifies bearer tokens (RFC 6750) with the keys of a file: signature, issuer, audience, expiry. Only the algorithms
 * of the keys are accepted, and only access tokens. The actor is `sub`, its roles are `realm_access.roles`, like in
 * Keycloak's tokens. Throws `AtlasError` ATLAS_AUTH if the file has no suitable key.
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
        const { payload, protectedHeader } = await jwtVerify(token, keys, {
          issuer,
          audience,
          algorithms,
          clockTolerance: TOLERANCE_SECONDS,
          currentDate: clock.now(),
          requiredClaims: ['sub', 'exp'],
        });
        refuseOtherKinds(protectedHeader.typ, payload);
        return actorOf(payload);
      } catch (error) {
        throw error instanceof AtlasError ? error : refused(reasonOf(error), error);
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
  if (typeof header !== 'string' || !/^bearer(?: |$)/i.test(header.trim()))
    throw new AtlasError('ATLAS_UNAUTHENTICATED', 'send Authorization: Bearer <token>');
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header.trim())?.[1];
  if (token === undefined) throw refused('Authorization is not a bearer token');
  return token;
}

/** The header's `typ` of access tokens: of most issuers, and of RFC 9068. Without `typ` it says nothing. */
const ACCESS_TYPES = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);

/**
 * Refuses tokens of an accepted issuer that are not for calling a service: ID and refresh tokens, which Keycloak names
 * in the claim `typ`, and logout tokens, which have `events` (OpenID Connect Back-Channel Logout 1.0, section 2.4).
 */
function refuseOtherKinds(type: string | undefined, payload: JWTPayload): void {
  const claimed: unknown = payload['typ'];
  const access =
    ACCESS_TYPES.has(type?.toLowerCase()) &&
    (claimed === undefined || claimed === 'Bearer' || claimed === 'at+jwt') &&
    payload['events'] === undefined;
  if (!access) throw refused('the token is not an access token');
}

/** In code points. */
const SUBJECT_LENGTH = /^[^]{1,255}$/u;

function actorOf({ sub, realm_access: access }: JWTPayload): Actor {
  const subject: unknown = sub;
  if (subject === undefined || subject === '') throw refused('the token has no subject');
  // numbers would be the same principal as their digits in a text column
  if (typeof subject !== 'string') throw refused("the token's sub is not text");
  if (!SUBJECT_LENGTH.test(subject)) throw refused("the token's sub has more than 255 characters");
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(subject)) throw refused("the token's sub is not printable text");
  const roles: readonly unknown[] =
    typeof access === 'object' && access !== null && 'roles' in access && Array.isArray(access.roles)
      ? access.roles
      : [];
  return { id: subject, roles: roles.filter((role) => typeof role === 'string') };
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token's ${error.claim} is not accepted here`;
  return 'the token is not accepted here';
}

function refused(reason: string, cause?: unknown): AtlasError {
  return new AtlasError('ATLAS_TOKEN', reason, { cause });
}
