import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { StackInfo } from '../info.ts';
import { writeSecret } from '../json.ts';
import type { Layout } from '../layout.ts';

const ISSUER = 'urn:atlas:stack';

/**
 * The stack issues its own tokens with an ES256 key pair, which is made once. The public key is kept as a JWK set (RFC
 * 7517) for services that verify tokens.
 */
export async function ensureKeys(layout: Pick<Layout, 'data'>): Promise<StackInfo['auth']> {
  const auth = {
    issuer: ISSUER,
    jwksFile: join(layout.data, 'auth/jwks.json'),
    privateJwkFile: join(layout.data, 'auth/private.jwk.json'),
  };
  if (existsSync(auth.jwksFile) && existsSync(auth.privateJwkFile)) return auth;
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const shown = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(shown);
  const about = { kid, alg: 'ES256', use: 'sig' };
  writeSecret(auth.privateJwkFile, JSON.stringify({ ...(await exportJWK(privateKey)), ...about }));
  writeSecret(auth.jwksFile, JSON.stringify({ keys: [{ ...shown, ...about }] }));
  return auth;
}
