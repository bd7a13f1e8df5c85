import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { toxicRolesOf } from '../services.ts';

/** specs/realm.yaml: who may log in, and with which roles. */
export interface RealmFile {
  readonly realm: string;
  /** What each role is for. */
  readonly roles: Readonly<Record<string, string>>;
  readonly users: Readonly<Record<string, RealmUser>>;
  /** Origins of pages from which people log in. */
  readonly origins: readonly string[];
  /** Origins of gateways at which people log in. */
  readonly gateways: readonly string[];
}

export interface RealmUser {
  /** First and last name. */
  readonly name: string;
  readonly roles: readonly string[];
}

const FILE = 'specs/realm.yaml';
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Reads specs/realm.yaml of a repository and checks it. Throws an error with one line per mistake, `file:line: what and
 * what to do`. A user with roles that nobody may have together (`toxicRoles` of specs/atlas.config.yaml) is a mistake.
 */
export function realmFileOf(root: string): RealmFile {
  const path = join(root, FILE);
  if (!existsSync(path))
    throw new Error(`${FILE} is missing: it says who may log in to Keycloak, and with which roles`);
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines, prettyErrors: false });
  const mistakes: string[] = [];
  const mistake = (at: number | undefined, what: string): void => {
    mistakes.push(`${FILE}:${at === undefined ? 1 : lines.linePos(at).line}: ${what}`);
  };
  for (const error of document.errors) mistake(error.pos[0], error.message);
  const read = mistakes.length > 0 ? undefined : new Reader(document.contents, mistake).realm(toxicRolesOf(root));
  if (read === undefined || mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return read;
}

/** Reads the nodes of the file, and collects each mistake with its place. */
class Reader {
  readonly #root: unknown;
  readonly #mistake: (at: number | undefined, what: string) => void;

  constructor(root: unknown, mistake: (at: number | undefined, what: string) => void) {
    this.#root = root;
    this.#mistake = mistake;
  }

  realm(toxicRoles: readonly (readonly string[])[]): RealmFile {
    const root = this.#entries(this.#root, 'the file');
    this.#only(root, ['realm', 'roles', 'users', 'origins', 'gateways'], 'the file');
    const roles = this.#each(root.get('roles'), 'roles', (node) => this.#text(node, 'what the role is for'));
    const users = this.#each(root.get('users'), 'users', (node, name) => {
      const user = this.#entries(node, name);
      this.#only(user, ['name', 'roles'], `user ${name}`);
      return {
        name: this.#text(user.get('name'), 'the first and last name', /^\S+( \S+)+$/),
        roles: this.#rolesOf(name, user.get('roles'), roles, toxicRoles),
      };
    });
    return {
      realm: this.#text(root.get('realm'), 'the name of the realm', NAME),
      roles,
      users,
      origins: this.#origins(root.get('origins'), 'origins'),
      gateways: this.#origins(root.get('gateways'), 'gateways'),
    };
  }

  #origins(node: unknown, what: string): readonly string[] {
    return this.#list(node, what).map((item) =>
      this.#text(item, 'an origin, such as http://127.0.0.1:4010', /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/),
    );
  }

  #rolesOf(
    user: string,
    node: unknown,
    known: Readonly<Record<string, string>>,
    toxicRoles: readonly (readonly string[])[],
  ): readonly string[] {
    const roles = this.#list(node, `the roles of ${user}`).map((item) => {
      const role = this.#text(item, 'a role');
      if (!Object.hasOwn(known, role))
        this.#mistake(startOf(item), `user ${user} has the role ${role}, which is not one of roles: add it there`);
      return role;
    });
    for (const set of toxicRoles.filter((one) => one.every((role) => roles.includes(role)))) {
      const names = set.join(' and ');
      this.#mistake(
        startOf(node),
        `user ${user} has the roles ${names}, which nobody may have together (toxicRoles of atlas.config.yaml): ` +
          'make two users of it',
      );
    }
    return roles;
  }

  #each<T>(node: unknown, what: string, read: (node: unknown, name: string) => T): Readonly<Record<string, T>> {
    const entries: Record<string, T> = {};
    for (const [name, value] of this.#entries(node, what)) {
      if (NAME.test(name)) entries[name] = read(value, name);
      else this.#mistake(startOf(value), `${JSON.stringify(name)} of ${what} is not a name: use a-z, 0-9 and "-"`);
    }
    return entries;
  }

  #entries(node: unknown, what: string): ReadonlyMap<string, unknown> {
    if (!isMap(node)) {
      this.#mistake(startOf(node), `${what} must have keys and values`);
      return new Map();
    }
    return new Map(node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), value]));
  }

  #only(entries: ReadonlyMap<string, unknown>, keys: readonly string[], what: string): void {
    for (const [key, value] of entries)
      if (!keys.includes(key)) this.#mistake(startOf(value), `${what} has no key ${key}: use ${keys.join(', ')}`);
  }

  #list(node: unknown, what: string): readonly unknown[] {
    if (isSeq(node)) return node.items;
    this.#mistake(startOf(node), `${what} must be a list`);
    return [];
  }

  #text(node: unknown, what: string, form = /\S/): string {
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'string' && form.test(value)) return value;
    this.#mistake(startOf(node), `${what} is missing or malformed`);
    return '';
  }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
