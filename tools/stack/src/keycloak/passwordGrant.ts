import type { Credentials } from '../info.ts';
import { isRecord, parseJson } from '../json.ts';

const REQUEST_MS = 30_000;

/**
 * A token for a name and a password (RFC 6749, section 4.3), which Keycloak calls direct access grant. Only for
 * commands and tests: a page never sees a password.
 */
export async function passwordGrant(
  issuer: string,
  client: string,
  { username, password }: Credentials,
  signal?: AbortSignal,
): Promise<string> {
  const limit = AbortSignal.timeout(REQUEST_MS);
  const answer = await fetch(`${issuer}/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'password', client_id: client, username, password }),
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  });
  const text = await answer.text();
  const body = parseJson(text);
  const token = isRecord(body) ? body['access_token'] : undefined;
  if (answer.ok && typeof token === 'string') return token;
  throw new Error(`${issuer} gives ${username} no token: ${answer.status} ${text.slice(0, 300)}`);
}
