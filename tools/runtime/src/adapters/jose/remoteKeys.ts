import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { AtlasError } from '../../contract/atlasError.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Counter, Metrics } from '../../ports/metrics.ts';
import type { Check } from '../../ports/readiness.ts';
import { keySetOf } from './keySet.ts';

export interface RemoteKeysOptions {
  /** Where the issuer publishes its keys as a JWK Set (RFC 7517, section 5). */
  readonly url: string;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The least time between two requests to the issuer, whatever tokens say and whether it answers or not. */
export const COOLDOWN_MS = 5_000;
/** Keys are asked for again after this time, so that a key that the issuer has withdrawn is no longer accepted. */
export const FRESH_MS = 300_000;
const TIMEOUT_MS = 3_000;
/** In bytes. Keycloak's set has about 3,000. */
const MAX_LENGTH = 262_144;

/**
 * The keys of an issuer, by URL. They are kept, and fetched again if they are old or if a token names a key that is not
 * among them, so a rotation of keys needs no restart. If the issuer does not answer, the kept keys stay in use, and any
 * other key is unknown. jose's own remote set is not used, because it limits only requests that succeed, and refuses
 * all tokens if its keys are old and the issuer does not answer.
 */
export class RemoteKeys {
  readonly #options: RemoteKeysOptions;
  readonly #fetches: Counter;
  #keys: JWTVerifyGetKey | undefined;
  /** When the keys were fetched, and when that was last tried, in milliseconds of the monotonic clock. */
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #trying: Promise<void> | undefined;
  /** Whether the last try has failed. */
  #failed = false;

  constructor(options: RemoteKeysOptions) {
    const { clock, metrics } = options;
    this.#options = options;
    this.#fetches = metrics.counter(
      'atlas_auth_key_fetches_total',
      'Requests for the keys of the issuer of tokens, by whether they gave keys',
      ['outcome'],
    );
    for (const outcome of ['ok', 'failed']) this.#fetches.add(0, { outcome });
    metrics.gauge('atlas_auth_keys_age_seconds', 'Seconds since the keys of the issuer were fetched', [], (gauge) => {
      if (this.#keys !== undefined) gauge.set((clock.monotonic() - this.#fetchedAt) / 1_000);
    });
  }

  /**
   * The key that a token names. Throws `AtlasError` ATLAS_KEYS_UNAVAILABLE if the issuer has never given any keys, and
   * an error of jose if the key is unknown.
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.current() === undefined) {
      const refreshed = this.refresh();
      // an issuer that did not answer the last time may use up the whole time limit again
      if (!this.#failed || this.#keys === undefined) await refreshed;
    }
    const keys = this.#keys;
    if (keys === undefined)
      throw new AtlasError('ATLAS_KEYS_UNAVAILABLE', 'the keys that tokens are verified with are unavailable');
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.refresh();
      const others = this.#keys;
      if (others === undefined || others === keys) throw error;
      return others(header, token);
    }
  };

  /** The identity of the current set of keys. Undefined if they must be fetched before use. */
  current(): object | undefined {
    return this.#options.clock.monotonic() - this.#fetchedAt < FRESH_MS ? this.#keys : undefined;
  }

  /**
   * Ok once there are keys. Fetches them if there are none, because a service that is not ready gets no requests that
   * would fetch them.
   */
  async check(): Promise<Check> {
    if (this.#keys === undefined) await this.refresh();
    if (this.#keys !== undefined) return { name: 'keys', ok: true };
    return { name: 'keys', ok: false, note: `no keys of the issuer yet, from ${this.#options.url}` };
  }

  /** Fetches the keys, unless that was tried a moment ago. Callers at the same time share one request. Never throws. */
  async refresh(): Promise<void> {
    if (this.#trying !== undefined) return this.#trying;
    const now = this.#options.clock.monotonic();
    if (now - this.#triedAt < COOLDOWN_MS) return;
    this.#triedAt = now;
    this.#trying = this.#fetch().finally(() => (this.#trying = undefined));
    return this.#trying;
  }

  async #fetch(): Promise<void> {
    const { url, clock, log } = this.#options;
    try {
      const keys = createLocalJWKSet(await fetchKeySet(url));
      this.#keys = keys;
      this.#fetchedAt = clock.monotonic();
      this.#failed = false;
      this.#fetches.add(1, { outcome: 'ok' });
    } catch (error) {
      this.#failed = true;
      this.#fetches.add(1, { outcome: 'failed' });
      log.warn({ err: error, url, kept: this.#keys !== undefined }, 'could not fetch the keys of the issuer');
    }
  }
}

async function fetchKeySet(url: string): Promise<Parameters<typeof createLocalJWKSet>[0]> {
  const answer = await fetch(url, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new AtlasError('ATLAS_AUTH', `the issuer answers ${answer.status}`);
  }
  const set = keySetOf(await limitedText(answer));
  if (set === undefined) throw new AtlasError('ATLAS_AUTH', 'the answer of the issuer is not a JWK Set');
  return set;
}

async function limitedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_LENGTH) throw new AtlasError('ATLAS_AUTH', `the JWK Set has more than ${MAX_LENGTH} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
