import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Keys for services that run as processes, and the token of a clerk. */
export interface Signer {
  readonly env: Readonly<Record<'AUTH_JWKS_FILE' | 'AUTH_ISSUER', string>>;
  readonly authorization: string;
  close(): void;
}

export async function signer(): Promise<Signer> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-service-'));
  const file = join(folder, 'jwks.json');
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  writeFileSync(file, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] }));
  const token = await new SignJWT({ realm_access: { roles: ['clerk'] } })
    .setProtectedHeader({ alg: 'ES256' })
    .setSubject('kim')
    .setIssuer('issuer')
    .setAudience('bookings')
    .setExpirationTime('15 minutes')
    .sign(privateKey);
  return {
    env: { AUTH_JWKS_FILE: file, AUTH_ISSUER: 'issuer' },
    authorization: `Bearer ${token}`,
    close: () => rmSync(folder, { recursive: true }),
  };
}
