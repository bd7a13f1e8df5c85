import type { Session } from './sessions.ts';

/** The token of a session, as a service gets it. */
export function authorizationOf(session: Session | undefined): string | undefined {
  return session?.tokens === undefined ? undefined : `Bearer ${session.tokens.accessToken}`;
}

/**
 * Headers of an answer to somebody with a cookie. Caches know that an answer to a request with Authorization is not for
 * others (RFC 9111, section 3.5), but they do not know it of a cookie.
 */
export function ofSession(session: Session | undefined): { 'set-cookie'?: string[]; 'cache-control'?: string } {
  if (session === undefined) return {};
  return {
    ...(session.cookies.length === 0 ? {} : { 'set-cookie': [...session.cookies] }),
    ...(session.tokens === undefined ? {} : { 'cache-control': 'private, no-store' }),
  };
}
