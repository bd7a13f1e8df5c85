import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { AtlasError } from '../../contract/atlasError.ts';
import { isObject } from '../../typeGuards.ts';

type Key = JSONWebKeySet['keys'][number];

/** The keys of a file. Throws `AtlasError` ATLAS_AUTH if none of them is for one of the algorithms. */
export async function keysOfFile(file: string, algorithms: readonly string[]): Promise<JWTVerifyGetKey> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new AtlasError('ATLAS_AUTH', `cannot read AUTH_JWKS_FILE ${file}: is it a JWK Set?`, { cause: error });
  }
  const set = keySetOf(text);
  if (set === undefined) throw new AtlasError('ATLAS_AUTH', `AUTH_JWKS_FILE ${file} is not a JWK Set: {"keys": […]}`);
  if (!set.keys.some((key) => algorithms.includes(algorithmOf(key))))
    throw new AtlasError('ATLAS_AUTH', `${file} has no public key for ${algorithms.join(' or ')}`);
  return createLocalJWKSet(set);
}

/** A JWK Set (RFC 7517, section 5). Undefined if the text is anything else. */
export function keySetOf(text: string): JSONWebKeySet | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isKeySet(parsed) ? parsed : undefined;
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  if (!isObject(value) || !Array.isArray(value['keys'])) return false;
  const keys: readonly unknown[] = value['keys'];
  return keys.every((key) => isObject(key) && typeof key['kty'] === 'string');
}

function algorithmOf({ alg, kty, crv }: Key): string {
  if (alg !== undefined) return alg;
  if (kty === 'RSA') return 'RS256';
  if (kty === 'OKP') return crv === 'Ed25519' ? 'EdDSA' : '';
  return kty === 'EC' ? (crv === 'P-384' ? 'ES384' : 'ES256') : '';
}
