import type { IncomingMessage } from 'node:http';
import { AtlasError } from '@atlas/runtime';
import type { Authenticator, Counter, Log, Metrics, Reply } from '@atlas/runtime/gateway';
import { Refusal } from '@atlas/runtime/gateway';
import { decodeJwt } from 'jose';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { Cookies } from './cookies.ts';
import type { EndedSessions } from './endedSessions.ts';
import { Issuer, IssuerUnavailable, LoginRefused, type Begun } from './issuer.ts';
import type { LoginEnv } from './loginEnv.ts';
import { mayUseCookie, returnToOf } from './navigation.ts';
import { Sealer } from './sealer.ts';
import { authorizationOf, Sessions, type Session } from './sessions.ts';

/** An answer with cookies. */
export interface CookieReply {
  readonly reply: Reply;
  /** The values of Set-Cookie. */
  readonly cookies: readonly string[];
}

export interface LoginParts {
  readonly env: LoginEnv;
  readonly authenticator: Authenticator;
  readonly ended: EndedSessions;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A login or a logout that failed. It has cookies nevertheless, and an address to try again. */
export class LoginFailed extends Refusal {
  readonly cookies: readonly string[];
  readonly returnTo: string;

  constructor(problem: Refusal['problem'], cookies: readonly string[], returnTo: string) {
    super(problem);
    this.cookies = cookies;
    this.returnTo = returnTo;
  }
}

/** How long a person has to finish a login. */
const LOGIN_MS = 600_000;
/** The most logins at the same time, in several tabs. More would not fit into the headers of a request. */
const MAX_LOGINS = 3;
const STATE = /^[A-Za-z0-9_-]{43}$/;

const OUTCOMES = ['begun', 'done', 'foreign', 'refused', 'unaccepted', 'unavailable'] as const;

/** Logs people in by authorization code with PKCE (OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9700). */
export class Login {
  readonly #parts: LoginParts;
  readonly #issuer: Issuer;
  readonly #cookies: Cookies;
  readonly #sealer: Sealer;
  readonly #sessions: Sessions;
  readonly #outcomes: Counter;

  constructor(parts: LoginParts) {
    const { env, ended, log, metrics } = parts;
    this.#parts = parts;
    this.#issuer = new Issuer(env);
    this.#cookies = new Cookies(env.publicUrl);
    this.#sealer = new Sealer(env.sessionKeys);
    this.#sessions = new Sessions({
      env,
      issuer: this.#issuer,
      sealer: this.#sealer,
      cookies: this.#cookies,
      ended,
      log,
      metrics,
    });
    this.#outcomes = metrics.counter(
      'atlas_gateway_logins_total',
      'Logins of people with a browser, by outcome: begun and done, or why they were not done',
      ['outcome'],
    );
    for (const outcome of OUTCOMES) this.#outcomes.add(0, { outcome });
  }

  /** The origin of the login server. */
  get issuerOrigin(): string {
    return new URL(this.#parts.env.issuer).origin;
  }

  /**
   * The address at which a person logs in to come back to this path. It begins with the origin that the issuer knows.
   */
  urlFor(path: string): string {
    const { publicUrl } = this.#parts.env;
    return `${publicUrl}/login?returnTo=${encodeURIComponent(returnToOf(path, publicUrl))}`;
  }

  /**
   * The session that identifies the caller. Undefined if cookies do not apply to this request. Throws `Refusal` 503.
   */
  async sessionOf(request: Pick<IncomingMessage, 'method' | 'headers'>): Promise<Session | undefined> {
    const { cookie } = request.headers;
    if (cookie === undefined || !mayUseCookie(request)) return undefined;
    return this.#asked(() => this.#sessions.of(cookie));
  }

  /** Sends the browser to the issuer. Throws `Refusal` 503. */
  async begin(returnTo: string | undefined, cookieHeader: string | undefined): Promise<CookieReply> {
    const begun: Begun = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const location = await this.#asked(() => this.#issuer.authorizationUrl(begun));
    const claims = { ...begun, returnTo: returnToOf(returnTo, this.#parts.env.publicUrl) };
    const sealed = await this.#sealer.seal('login', claims, Date.now() + LOGIN_MS);
    const isFull = this.#cookies.names(cookieHeader, 'login-').length >= MAX_LOGINS;
    this.#count('begun');
    return {
      reply: redirect(302, location),
      cookies: [
        ...(isFull ? this.#cookies.remove(cookieHeader, 'login-') : []),
        ...this.#cookies.write(cookieOf(begun.state), sealed, LOGIN_MS / 1_000),
      ],
    };
  }

  /**
   * Finishes a login when the browser is back. Resolves to a redirect to where the person wanted to go, with a session.
   * Throws `LoginFailed`: 400 if this browser has not begun this login or has finished it, 401 if the issuer or the
   * gateway refuses it, 503 if the issuer does not answer.
   */
  async finish(query: string, cookieHeader: string | undefined): Promise<CookieReply> {
    const state = new URLSearchParams(query).get('state') ?? '';
    const name = cookieOf(state);
    const sealed = STATE.test(state) ? this.#cookies.read(cookieHeader, name) : undefined;
    const begun = sealed === undefined ? undefined : begunOf(await this.#sealer.open('login', sealed));
    // the cookie is valid for one callback
    const removed = STATE.test(state) ? this.#cookies.remove(cookieHeader, name) : [];
    if (begun?.state !== state) {
      this.#count('foreign');
      const detail = 'this log-in was not begun in this browser, took too long, or has been used already: log in again';
      throw new LoginFailed({ code: 'malformed-request', detail }, removed, '/');
    }
    const { returnTo } = begun;
    try {
      const tokens = await this.#issuer.tokensOf(query, begun);
      const actor = await this.#parts.authenticator.authenticate({ authorization: `Bearer ${tokens.accessToken}` });
      const cookies = [...removed, ...(await this.#sessions.begin(tokens))];
      this.#count('done');
      this.#parts.log.info({ actor: actor.id }, 'logged in');
      return { reply: redirect(303, returnTo), cookies };
    } catch (error) {
      throw new LoginFailed(this.#problemOf(error), removed, returnTo);
    }
  }

  /** Ends the session here, and sends the browser to the issuer to end it there too. Throws `LoginFailed` 503. */
  async end(cookieHeader: string | undefined): Promise<CookieReply> {
    const { cookies, idToken } = await this.#sessions.end(cookieHeader);
    try {
      const home = `${this.#parts.env.publicUrl}/`;
      const { headers, ...way } = redirect(
        303,
        idToken === undefined ? home : await this.#issuer.endSessionUrl(idToken),
      );
      // clears the cache, so that nobody sees the pages in the history of this browser
      return { reply: { ...way, headers: { ...headers, 'clear-site-data': '"cache"' } }, cookies };
    } catch (error) {
      const { code } = this.#problemOf(error);
      const detail =
        'you are logged out here, but the login server does not answer, so you may still be logged in there';
      throw new LoginFailed({ code, detail }, cookies, '/');
    }
  }

  /** The name of the person who is logged in. */
  personOf({ tokens }: Session): string | undefined {
    if (tokens === undefined) return undefined;
    const {
      name,
      preferred_username: username,
      sub,
    } = decodeJwt<{ name: unknown; preferred_username: unknown }>(tokens.idToken);
    return [name, username, sub].find((text) => typeof text === 'string');
  }

  /** The roles of the person who is logged in. Undefined if the token cannot be verified now, or is refused. */
  async rolesOf(session: Session): Promise<readonly string[] | undefined> {
    const authorization = authorizationOf(session);
    if (authorization === undefined) return undefined;
    try {
      return (await this.#parts.authenticator.authenticate({ authorization })).roles;
    } catch {
      // the roles only choose what is shown: each page verifies the token itself, and says what is wrong
      return undefined;
    }
  }

  async #asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof IssuerUnavailable) throw new Refusal(this.#problemOf(error));
      throw error;
    }
  }

  /** What a person may know about an error. Throws the error if it is not about a login. */
  #problemOf(error: unknown): Refusal['problem'] {
    const { log } = this.#parts;
    if (error instanceof LoginRefused) {
      this.#count('refused');
      log.info({ err: error }, 'the issuer has refused a login');
      return { code: 'unauthenticated', detail: error.message };
    }
    if (error instanceof IssuerUnavailable) {
      this.#count('unavailable');
      log.warn({ err: error }, 'the issuer does not answer as it should');
      return { code: 'unavailable', detail: error.message };
    }
    if (error instanceof AtlasError && error.code === 'ATLAS_KEYS_UNAVAILABLE') {
      this.#count('unavailable');
      return { code: 'unavailable', detail: error.message };
    }
    const detail =
      error instanceof RangeError
        ? 'the login server says more about you than fits into cookies, such as too many roles'
        : error instanceof AtlasError && error.code === 'ATLAS_TOKEN'
          ? error.message
          : undefined;
    if (detail === undefined) throw error;
    this.#count('unaccepted');
    log.warn({ err: error }, 'the tokens of a login are not accepted');
    return { code: 'unauthenticated', detail };
  }

  #count(outcome: (typeof OUTCOMES)[number]): void {
    this.#outcomes.add(1, { outcome });
  }
}

function redirect(status: 302 | 303, location: string): Reply {
  return { status, headers: { location, 'cache-control': 'no-store' }, body: undefined };
}

function cookieOf(state: string): string {
  return `login-${state.slice(0, 8)}`;
}

function begunOf(claims: Awaited<ReturnType<Sealer['open']>>): (Begun & { readonly returnTo: string }) | undefined {
  if (claims === undefined) return undefined;
  const { state, nonce, verifier, returnTo } = claims;
  if (typeof state !== 'string' || typeof nonce !== 'string') return undefined;
  if (typeof verifier !== 'string' || typeof returnTo !== 'string') return undefined;
  return { state, nonce, verifier, returnTo };
}
