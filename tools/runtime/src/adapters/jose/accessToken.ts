import type { JWTHeaderParameters, JWTPayload } from 'jose';
import type { Actor } from '../../contract/handler.ts';
import { AtlasError } from '../../contract/atlasError.ts';

/**
 * In characters. Keycloak's tokens have about 1,500. A longer token would cost work before anything is known about it.
 */
const MAX_TOKEN_LENGTH = 8_192;

/**
 * The token of an Authorization header (RFC 6750, section 2.1). Throws `AtlasError` ATLAS_UNAUTHENTICATED or
 * ATLAS_TOKEN.
 */
export function bearerOf(header: string | readonly string[] | undefined): string {
  if (typeof header !== 'string' || !/^bearer(?: |$)/i.test(header.trim()))
    throw new AtlasError('ATLAS_UNAUTHENTICATED', 'send Authorization: Bearer <token>');
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(header.trim())?.[1];
  if (token === undefined) throw refused('Authorization is not a bearer token');
  if (token.length > MAX_TOKEN_LENGTH) throw refused(`the token has more than ${MAX_TOKEN_LENGTH} characters`);
  return token;
}

/**
 * The values of `typ` in the header of access tokens: those of most issuers, and that of RFC 9068. It may be missing.
 */
const ACCESS_TYPES = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);

/**
 * Refuses tokens of an accepted issuer that are not for calling a service: ID and refresh tokens, which Keycloak marks
 * in the claim `typ`, and logout tokens, which have `events` (OpenID Connect Back-Channel Logout 1.0, section 2.4).
 */
export function refuseOtherKinds({ typ }: Pick<JWTHeaderParameters, 'typ'>, payload: JWTPayload): void {
  const claimed: unknown = payload['typ'];
  const access =
    ACCESS_TYPES.has(typ?.toLowerCase()) &&
    (claimed === undefined || claimed === 'Bearer' || claimed === 'at+jwt') &&
    payload['events'] === undefined;
  if (!access) throw refused('the token is not an access token');
}

/** In code points. */
const SUBJECT_LENGTH = /^[^]{1,255}$/u;

/** The actor of verified claims: `sub`, with the roles of `realm_access.roles`, as in Keycloak's tokens. */
export function actorOf({ sub, realm_access: access }: JWTPayload): Actor {
  const subject: unknown = sub;
  if (subject === undefined || subject === '') throw refused('the token has no subject');
  // in a text column, a number would be the same principal as its digits
  if (typeof subject !== 'string') throw refused("the token's sub is not text");
  if (!SUBJECT_LENGTH.test(subject)) throw refused("the token's sub has more than 255 characters");
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(subject)) throw refused("the token's sub is not printable text");
  const roles: readonly unknown[] =
    typeof access === 'object' && access !== null && 'roles' in access && Array.isArray(access.roles)
      ? access.roles
      : [];
  return { id: subject, roles: roles.filter((role) => typeof role === 'string') };
}

/** Refuses an actor that has all roles of one of these sets, whichever operation is called. */
export function refuseToxicRoles({ roles }: Actor, toxicRoles: readonly (readonly string[])[]): void {
  const held = toxicRoles.find((set) => set.every((role) => roles.includes(role)));
  if (held !== undefined)
    throw refused(`the token has the roles ${held.join(' and ')}, which nobody may have together`);
}

/** An ATLAS_TOKEN error. The caller may see the reason. */
export function refused(reason: string, cause?: unknown): AtlasError {
  return new AtlasError('ATLAS_TOKEN', reason, { cause });
}
