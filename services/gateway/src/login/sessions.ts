import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Counter, Log, Metrics } from '@atlas/runtime/gateway';
import type { Cookies } from './cookies.ts';
import type { EndedSessions } from './endedSessions.ts';
import { IssuerUnavailable, LoginRefused, type Issued, type Issuer } from './issuer.ts';
import type { LoginEnv } from './loginEnv.ts';
import type { Sealer } from './sealer.ts';

/** The contents of a request's cookie. */
export interface Session {
  /** Absent if nobody is logged in. */
  readonly tokens?: Issued;
  /** The values of Set-Cookie for the answer. */
  readonly cookies: readonly string[];
}

const NAME = 'session';
const NOBODY: Session = { cookies: [] };

/** How long before it expires a token is renewed. */
const EARLY_MS = 60_000;
/** The precision with which the cookie says when the session was last used. */
const SEEN_MS = 60_000;
/**
 * For how long the cookie before a renewal still leads to the renewed tokens, because a page sends many requests at
 * once.
 */
const REMEMBER_MS = 60_000;
const MAX_RENEWALS = 10_000;

export interface SessionParts {
  readonly env: Pick<LoginEnv, 'idleMs' | 'longestMs'>;
  readonly issuer: Issuer;
  readonly sealer: Sealer;
  readonly cookies: Cookies;
  readonly ended: EndedSessions;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The sealed contents of a cookie. */
interface Opened {
  /** The same in all cookies of the session. */
  readonly id: string;
  readonly tokens: Issued;
  readonly beganAt: number;
  readonly seenAt: number;
}

/**
 * The sessions of people who are logged in. The sealed cookie contains the whole session, with the tokens of the
 * issuer. The gateway keeps only the ids of ended sessions, so each gateway with the same key can read a session.
 */
export class Sessions {
  readonly #parts: SessionParts;
  readonly #renewals = new LRUCache<string, Promise<Issued>>({ max: MAX_RENEWALS, ttl: REMEMBER_MS });
  readonly #renewed: Counter;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#renewed = parts.metrics.counter(
      'atlas_gateway_session_renewals_total',
      'Renewals of the tokens of a session, by outcome: renewed, ended by the issuer, or the issuer did not answer',
      ['outcome'],
    );
    for (const outcome of ['renewed', 'ended', 'unavailable']) this.#renewed.add(0, { outcome });
  }

  /** The values of Set-Cookie that begin a session. Throws `RangeError` if its tokens are too long for cookies. */
  async begin(tokens: Issued): Promise<readonly string[]> {
    return this.#cookiesOf({ id: randomUUID(), beganAt: Date.now() }, tokens);
  }

  /**
   * Ends the session. Copies of its cookie are not accepted from now on. Resolves to the values of Set-Cookie that end
   * it in this browser, and to the ID token, however old, by which the issuer knows the session.
   */
  async end(header: string | undefined): Promise<{
    readonly cookies: readonly string[];
    readonly idToken: string | undefined;
  }> {
    const opened = await this.#open(header);
    if (opened !== undefined) {
      // a gateway that learns of this late may have given newer cookies, but none is valid for longer
      await this.#parts.ended.add(opened.id, opened.beganAt + this.#parts.env.longestMs);
    }
    return { cookies: this.#removed(header), idToken: opened?.tokens.idToken };
  }

  /**
   * The session of a request, by its header Cookie. Its tokens are renewed if they expire soon. Throws
   * `IssuerUnavailable` if they have expired already and the issuer does not answer.
   */
  async of(header: string | undefined): Promise<Session> {
    const opened = await this.#open(header);
    // a cookie that cannot be opened is useless, so it is removed
    if (opened === undefined) return header === undefined ? NOBODY : { cookies: this.#removed(header) };
    const { id, tokens, seenAt } = opened;
    if (await this.#parts.ended.has(id)) return { cookies: this.#removed(header) };
    const now = Date.now();
    const isDue = tokens.accessUntil - now < EARLY_MS;
    const isExpired = tokens.accessUntil <= now;
    if (!isDue) return { tokens, cookies: now - seenAt < SEEN_MS ? [] : await this.#cookiesOf(opened, tokens) };
    if (tokens.refreshToken === undefined)
      return isExpired ? { cookies: this.#removed(header) } : { tokens, cookies: [] };
    try {
      const renewed = await this.#renewedOnce(tokens, tokens.refreshToken);
      return { tokens: renewed, cookies: await this.#cookiesOf(opened, renewed) };
    } catch (error) {
      if (error instanceof LoginRefused) return { cookies: this.#removed(header) };
      if (isExpired || !(error instanceof IssuerUnavailable)) throw error;
      return { tokens, cookies: [] };
    }
  }

  /** Requests at the same time, and those that still have the previous cookie, share one renewal. */
  async #renewedOnce(tokens: Issued, refreshToken: string): Promise<Issued> {
    const known = this.#renewals.get(refreshToken);
    if (known !== undefined) return known;
    const renewal = this.#renew(tokens);
    this.#renewals.set(refreshToken, renewal);
    return renewal.catch((error: unknown) => {
      if (error instanceof IssuerUnavailable) this.#renewals.delete(refreshToken);
      throw error;
    });
  }

  async #renew(tokens: Issued): Promise<Issued> {
    try {
      const renewed = await this.#parts.issuer.renewed(tokens);
      this.#renewed.add(1, { outcome: 'renewed' });
      return renewed;
    } catch (error) {
      this.#renewed.add(1, { outcome: error instanceof LoginRefused ? 'ended' : 'unavailable' });
      if (!(error instanceof LoginRefused)) this.#parts.log.warn({ err: error }, 'could not renew a session');
      throw error;
    }
  }

  /** The values of Set-Cookie that remove the session's cookies from a browser. */
  #removed(header: string | undefined): readonly string[] {
    return this.#parts.cookies.remove(header, NAME);
  }

  async #cookiesOf({ id, beganAt }: Pick<Opened, 'id' | 'beganAt'>, tokens: Issued): Promise<readonly string[]> {
    const { env, sealer, cookies } = this.#parts;
    const until = Math.min(Date.now() + env.idleMs, beganAt + env.longestMs);
    return cookies.write(NAME, await sealer.seal(NAME, { ...tokens, id, beganAt, seenAt: Date.now() }, until));
  }

  async #open(header: string | undefined): Promise<Opened | undefined> {
    const sealed = this.#parts.cookies.read(header, NAME);
    const claims = sealed === undefined ? undefined : await this.#parts.sealer.open(NAME, sealed);
    if (claims === undefined) return undefined;
    const { id, accessToken, idToken, refreshToken, accessUntil, beganAt, seenAt } = claims;
    if (typeof id !== 'string' || typeof accessToken !== 'string' || typeof idToken !== 'string') return undefined;
    if (typeof accessUntil !== 'number' || typeof beganAt !== 'number' || typeof seenAt !== 'number') return undefined;
    const kept = typeof refreshToken === 'string' ? refreshToken : undefined;
    return { id, tokens: { accessToken, idToken, refreshToken: kept, accessUntil }, beganAt, seenAt };
  }
}

/** The header Authorization with the token of a session, for a service. */
export function authorizationOf(session: Session | undefined): string | undefined {
  return session?.tokens === undefined ? undefined : `Bearer ${session.tokens.accessToken}`;
}

/**
 * Headers of an answer to somebody with a cookie. Caches do not share an answer to a request with Authorization (RFC
 * 9111, section 3.5), but a cookie does not have this effect.
 */
export function ofSession(session: Session | undefined): { 'set-cookie'?: string[]; 'cache-control'?: string } {
  if (session === undefined) return {};
  return {
    ...(session.cookies.length === 0 ? {} : { 'set-cookie': [...session.cookies] }),
    ...(session.tokens === undefined ? {} : { 'cache-control': 'private, no-store' }),
  };
}
