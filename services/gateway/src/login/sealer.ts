import { createHash } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt, type JWTPayload } from 'jose';

/** The purpose of something sealed. It is not accepted for any other purpose. */
export type Purpose = 'login' | 'session';

interface Key {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** The limit is above the size of any token that a service accepts. */
const MAX_BYTES = 65_536;

/**
 * Seals claims so that only a gateway with the same key can read or change them: JSON Web Encryption (RFC 7516) with
 * A256GCM.
 */
export class Sealer {
  readonly #first: Key;
  readonly #keys: ReadonlyMap<string, Uint8Array>;

  /** Each key has 32 bytes. The first one seals; all of them can open. */
  constructor(keys: readonly Uint8Array[]) {
    const named = keys.map((bytes) => ({ id: idOf(bytes), bytes }));
    const [first] = named;
    if (first === undefined) throw new Error('there is no key to seal with');
    this.#first = first;
    this.#keys = new Map(named.map(({ id, bytes }) => [id, bytes]));
  }

  /** Only a session is compressed, because a stranger may choose parts of other sealed claims. `until` is in ms. */
  async seal(purpose: Purpose, claims: JWTPayload, until: number): Promise<string> {
    return new EncryptJWT(claims)
      .setProtectedHeader({
        alg: 'dir',
        enc: 'A256GCM',
        kid: this.#first.id,
        ...(purpose === 'session' ? { zip: 'DEF' } : {}),
      })
      .setAudience(purpose)
      .setIssuedAt()
      .setExpirationTime(new Date(until))
      .encrypt(this.#first.bytes);
  }

  /**
   * Opens something sealed. Undefined if it was changed, has expired, has another purpose, or was sealed with another
   * key.
   */
  async open(purpose: Purpose, sealed: string): Promise<JWTPayload | undefined> {
    try {
      const { payload } = await jwtDecrypt(
        sealed,
        ({ kid }) => {
          const key = this.#keys.get(kid ?? '');
          if (key === undefined) throw new errors.JWEDecryptionFailed('another key');
          return key;
        },
        {
          audience: purpose,
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
          requiredClaims: ['exp', 'iat'],
          maxDecompressedLength: MAX_BYTES,
          currentDate: new Date(),
        },
      );
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

function idOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 6);
}
