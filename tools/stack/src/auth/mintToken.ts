import { readFile } from 'node:fs/promises';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { StackInfo } from '../info.ts';
import { isRecord, parseJson } from '../json.ts';

export interface TokenOptions {
  /** Who acts. */
  readonly sub: string;
  readonly roles: readonly string[];
  /** When it ends, as jose's spans are written. */
  readonly expiresIn?: string;
}

/** A signed token (RFC 7519) as Keycloak would give it: the roles are in `realm_access.roles`. Valid for an hour by default. */
export async function mintToken(info: StackInfo, { sub, roles, expiresIn = '1h' }: TokenOptions): Promise<string> {
  const { issuer, audience, privateJwkFile } = info.auth;
  const jwk = parseJson(await readFile(privateJwkFile, 'utf8'));
  if (!isPrivateJwk(jwk)) throw new Error(`${privateJwkFile} holds no private key: run "make clean", then "make up"`);
  return new SignJWT({ realm_access: { roles: [...roles] } })
    .setProtectedHeader({ alg: 'ES256', kid: jwk.kid, typ: 'JWT' })
    .setSubject(sub)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expiresIn)
    .sign(await importJWK(jwk, 'ES256'));
}

function isPrivateJwk(value: unknown): value is JWK & { kid: string } {
  return isRecord(value) && typeof value['d'] === 'string' && typeof value['kid'] === 'string' && value['kty'] === 'EC';
}
