import type { Credentials } from '../info.ts';
import { isRecord, parseJson } from '../json.ts';
import { passwordGrant } from './passwordGrant.ts';
import { DIGEST } from './representation.ts';

const REQUEST_MS = 60_000;

/** Calls the Admin REST API of Keycloak as one of its administrators. */
export class KeycloakAdmin {
  readonly #url: string;
  readonly #token: string;
  readonly #signal: AbortSignal | undefined;

  private constructor(url: string, token: string, signal: AbortSignal | undefined) {
    this.#url = url;
    this.#token = token;
    this.#signal = signal;
  }

  static async login(url: string, admin: Credentials, signal?: AbortSignal): Promise<KeycloakAdmin> {
    const token = await passwordGrant(`${url}/realms/master`, 'admin-cli', admin, signal);
    return new KeycloakAdmin(url, token, signal);
  }

  /**
   * Makes the realm equal to its representation. If a stack has made a realm that differs, it is replaced, with new
   * keys and without its sessions. A realm that no stack has made is refused.
   */
  async ensureRealm(representation: Readonly<Record<string, unknown>>): Promise<void> {
    const name = String(representation['realm']);
    const path = `/admin/realms/${name}`;
    const known = await this.call('GET', path, undefined, [200, 404]);
    if (known !== undefined) {
      const digest = digestOf(known);
      if (digest === digestOf(representation)) return;
      if (digest === undefined)
        throw new Error(`${this.#url} has a realm ${name} that no stack has made: rename it, or use another Keycloak`);
      await this.call('DELETE', path);
    }
    await this.call('POST', '/admin/realms', representation);
  }

  /** Resolves to the parsed answer, or to undefined if there is none or if it is an allowed 404. */
  async call(method: string, path: string, body?: unknown, may: readonly number[] = []): Promise<unknown> {
    const limit = AbortSignal.timeout(REQUEST_MS);
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      signal: this.#signal === undefined ? limit : AbortSignal.any([this.#signal, limit]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok && !may.includes(answer.status))
      throw new Error(`${method} ${path} was answered ${answer.status}: ${text.slice(0, 500)}`);
    return answer.ok && text !== '' ? parseJson(text) : undefined;
  }
}

/** The mark of a realm that a stack has made; undefined for others. */
export function digestOf(realm: unknown): unknown {
  return isRecord(realm) && isRecord(realm['attributes']) ? realm['attributes'][DIGEST] : undefined;
}
