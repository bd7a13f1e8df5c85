import {
  allowInsecureRequests,
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientError,
  ClientSecretPost,
  discovery,
  enableNonRepudiationChecks,
  refreshTokenGrant,
  ResponseBodyError,
  type Configuration,
} from 'openid-client';
import type { LoginEnv } from './loginEnv.ts';

/** The issuer does not let this person in, or no longer does. The message may be shown. */
export class LoginRefused extends Error {}

/** The issuer does not answer, or gives a wrong answer. */
export class IssuerUnavailable extends Error {}

/** The data of one login until the browser is back (RFC 9700, section 2.1; RFC 7636). */
export interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The tokens of a login. */
export interface Issued {
  readonly accessToken: string;
  readonly idToken: string;
  /** If absent, the session ends with its access token. */
  readonly refreshToken: string | undefined;
  /** When the access token expires, in milliseconds. */
  readonly accessUntil: number;
}

type Grant = Pick<Awaited<ReturnType<typeof refreshTokenGrant>>, 'access_token' | 'expires_in' | 'refresh_token'>;

const TIMEOUT_SECONDS = 5;
/** For an issuer that does not say how long its tokens are valid. */
const DEFAULT_SECONDS = 60;

/** The issuer of tokens, used as a confidential client. Its endpoints are discovered when somebody logs in. */
export class Issuer {
  readonly #env: LoginEnv;
  readonly #redirectUri: string;
  #found: Promise<Configuration> | undefined;

  constructor(env: LoginEnv) {
    this.#env = env;
    this.#redirectUri = `${env.publicUrl}/login/callback`;
  }

  /** The address at which the browser logs in. Throws `IssuerUnavailable`. */
  async authorizationUrl({ state, nonce, verifier }: Begun): Promise<string> {
    const challenge = await calculatePKCECodeChallenge(verifier);
    return this.#ask(
      async (found) =>
        buildAuthorizationUrl(found, {
          redirect_uri: this.#redirectUri,
          scope: 'openid',
          state,
          nonce,
          code_challenge: challenge,
          code_challenge_method: 'S256',
        }).href,
    );
  }

  /** Exchanges the code in the query of a callback for tokens. Throws `LoginRefused` or `IssuerUnavailable`. */
  async tokensOf(query: string, { state, nonce, verifier }: Begun): Promise<Issued> {
    return this.#ask(async (found) => {
      const grant = await authorizationCodeGrant(found, new URL(`${this.#redirectUri}?${query}`), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      return issued(grant, grant.id_token ?? '');
    });
  }

  /** Gets new tokens for a session. Throws `LoginRefused` if it has ended at the issuer, or `IssuerUnavailable`. */
  async renewed({ refreshToken = '', idToken }: Issued): Promise<Issued> {
    return this.#ask(async (found) => {
      const grant = await refreshTokenGrant(found, refreshToken);
      return { ...issued(grant, grant.id_token ?? idToken), refreshToken: grant.refresh_token ?? refreshToken };
    });
  }

  /** The address at which the browser logs out (OpenID Connect RP-Initiated Logout 1.0). Throws `IssuerUnavailable`. */
  async endSessionUrl(idToken: string): Promise<string> {
    return this.#ask(
      async (found) =>
        buildEndSessionUrl(found, {
          id_token_hint: idToken,
          post_logout_redirect_uri: `${this.#env.publicUrl}/`,
        }).href,
    );
  }

  async #ask<T>(work: (found: Configuration) => Promise<T>): Promise<T> {
    let found: Configuration | undefined;
    try {
      found = await this.#configuration();
      return await work(found);
    } catch (error) {
      throw found !== undefined && isRefusal(error)
        ? new LoginRefused('the login server has refused the log-in, or has ended it', { cause: error })
        : new IssuerUnavailable('the login server does not answer as it should', { cause: error });
    }
  }

  async #configuration(): Promise<Configuration> {
    this.#found ??= this.#discovered().catch((error: unknown) => {
      this.#found = undefined;
      throw error;
    });
    return this.#found;
  }

  async #discovered(): Promise<Configuration> {
    const { discoveryUrl, issuer, clientId, clientSecret } = this.#env;
    const found = await discovery(new URL(discoveryUrl), clientId, undefined, ClientSecretPost(clientSecret), {
      timeout: TIMEOUT_SECONDS,
      execute: [
        // checks the signature of an ID token even if TLS proves where the token comes from
        enableNonRepudiationChecks,
        ...(discoveryUrl.startsWith('http:') ? [allowInsecureRequests] : []),
      ],
    });
    const metadata = found.serverMetadata();
    if (metadata.issuer !== issuer) throw new Error(`${discoveryUrl} describes ${metadata.issuer}, not ${issuer}`);
    return found;
  }
}

function issued(grant: Grant, idToken: string): Issued {
  return {
    accessToken: grant.access_token,
    idToken,
    refreshToken: grant.refresh_token,
    accessUntil: Date.now() + (grant.expires_in ?? DEFAULT_SECONDS) * 1_000,
  };
}

/**
 * Whether an answer says that a login is not valid: `error` in the callback, `invalid_grant`, or a claim that is wrong.
 */
function isRefusal(error: unknown): boolean {
  if (error instanceof AuthorizationResponseError)
    return !['server_error', 'temporarily_unavailable'].includes(error.error);
  if (error instanceof ResponseBodyError) return error.error === 'invalid_grant';
  return error instanceof ClientError && REFUSALS.has(error.code);
}

const REFUSALS: ReadonlySet<string | undefined> = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
]);
