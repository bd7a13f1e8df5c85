import { readFile } from 'node:fs/promises';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { StackInfo } from '../info.ts';
import { isRecord, parseJson } from '../json.ts';

export interface TokenOptions {
  /** The user that the token is for. */
  readonly sub: string;
  readonly roles: readonly string[];
  /** The services that the token is for; by default all of the stack. */
  readonly audience?: readonly string[];
  /** When it expires, written as a time span of jose. */
  readonly expiresIn?: string;
}

/**
 * A signed token (RFC 7519) like those of Keycloak, with the roles in `realm_access.roles`. Valid for an hour by
 * default.
 */
export async function mintToken(
  info: Pick<StackInfo, 'auth'> & Partial<Pick<StackInfo, 'postgres'>>,
  { sub, roles, audience = Object.keys(info.postgres?.services ?? {}), expiresIn = '1h' }: TokenOptions,
): Promise<string> {
  const { issuer, privateJwkFile } = info.auth;
  const jwk = parseJson(await readFile(privateJwkFile, 'utf8'));
  if (!isPrivateJwk(jwk)) throw new Error(`${privateJwkFile} holds no private key: run "make clean", then "make up"`);
  return new SignJWT({ realm_access: { roles: [...roles] } })
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid, typ: 'JWT' })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience([...audience])
    .setIssuedAt()
    .setExpirationTime(expiresIn)
    .sign(await importJWK(jwk, 'ES256'));
}

function isPrivateJwk(value: unknown): value is JWK & { kid: string } {
  return isRecord(value) && typeof value['d'] === 'string' && typeof value['kid'] === 'string' && value['kty'] === 'EC';
}
