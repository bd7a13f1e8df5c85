import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realmFileOf } from './realmFile.ts';
import { realmRepresentation } from './representation.ts';

const REPOSITORY = resolve(import.meta.dirname, '../../../..');
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'atlas-realm-'));
  mkdirSync(join(root, 'specs'));
  writeFileSync(join(root, 'specs/atlas.config.yaml'), 'toxicRoles: [[clerk, auditor], [a, b, c]]\nservices: {}\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const GOOD = `realm: box-office
roles:
  clerk: Books seats.
  auditor: Looks at bookings.
users:
  kim: { name: Kim Lee, roles: [clerk] }
origins: ['http://127.0.0.1:4010']
gateways: [https://desk.example.org]
`;

function read(text: string): ReturnType<typeof realmFileOf> {
  writeFileSync(join(root, 'specs/realm.yaml'), text);
  return realmFileOf(root);
}

describe('a realm file', () => {
  it('says who may log in, with which roles, from which pages', () => {
    expect(read(GOOD)).toEqual({
      realm: 'box-office',
      roles: { clerk: 'Books seats.', auditor: 'Looks at bookings.' },
      users: { kim: { name: 'Kim Lee', roles: ['clerk'] } },
      origins: ['http://127.0.0.1:4010'],
      gateways: ['https://desk.example.org'],
    });
  });

  it('of this repository has no faults', () => {
    expect(realmFileOf(REPOSITORY).realm).toBe('atlas');
  });

  it('of this repository has every role that an operation needs', () => {
    const file: unknown = JSON.parse(readFileSync(join(REPOSITORY, 'generated/catalog.json'), 'utf8'));
    const needed = new Set(
      JSON.stringify(file)
        .match(/(?<="roles":)\[\[.*?\]\]/g)
        ?.flatMap((roles) => JSON.parse(roles).flat()),
    );
    expect(needed.size).toBeGreaterThan(2);
    expect(Object.keys(realmFileOf(REPOSITORY).roles)).toEqual(expect.arrayContaining([...needed]));
  });

  it('is needed', () => {
    expect(() => realmFileOf(root)).toThrow('specs/realm.yaml is missing');
  });

  it.each([
    [
      'that gives a user roles which nobody may have together',
      ['[clerk]', '[auditor, clerk]'],
      'specs/realm.yaml:6: user kim has the roles clerk and auditor, which nobody may have together',
    ],
    ['that gives an unknown role', ['[clerk]', '[usher]'], '6: user kim has the role usher, which is not one of roles'],
    ['that gives a role of Object', ['[clerk]', '[toString]'], '6: user kim has the role toString'],
    ['whose user has a password', ['Kim Lee,', 'Kim Lee, password: x,'], '6: user kim has no key password'],
    ['whose user has no last name', ['Kim Lee', 'Kim'], '6: the first and last name is missing or malformed'],
    ['whose user has no list of roles', ['[clerk]', 'clerk'], '6: the roles of kim must be a list'],
    ['with a name that is a path', ['kim:', '../kim:'], '6: "../kim" of users is not a name'],
    ['with a realm that is a path', ['box-office', 'a/../master'], '1: the name of the realm is missing or malformed'],
    ['with an origin that is a pattern', ["'http://127.0.0.1:4010'", "'*'"], '7: an origin, such as'],
    ['with a gateway that has a path', ['org]', 'org/login]'], '8: an origin, such as'],
    ['that is not YAML', ['roles:', 'roles: ['], 'specs/realm.yaml:'],
    ['with a key twice', ['auditor:', 'clerk:'], '4: Map keys must be unique'],
  ])('%s is refused with its line', (_what, [from = '', to = ''], message) => {
    expect(() => read(GOOD.replace(from, to))).toThrow(message);
  });

  it('is refused with all of its mistakes', () => {
    expect(() => read('realm: [x]\nusers: 1\n')).toThrow(/realm.yaml:1: .*\n.*realm.yaml:2: users must/s);
  });
});

describe('a realm', () => {
  const made = (passwordOf: (user: string) => string, ...audiences: readonly string[]) =>
    realmRepresentation({ file: read(GOOD), audiences, passwordOf, gatewaySecret: 'hidden' });

  it('has clients for commands, pages and the gateway, whose tokens are for each service', () => {
    const mapper = (service: string) => ({ config: { 'included.custom.audience': service } });
    expect(made(String, 'bookings', 'offices')['clients']).toMatchObject([
      {
        clientId: 'atlas-cli',
        publicClient: true,
        standardFlowEnabled: false,
        protocolMappers: [mapper('bookings'), mapper('offices')],
      },
      {
        clientId: 'atlas-page',
        publicClient: true,
        directAccessGrantsEnabled: false,
        redirectUris: ['http://127.0.0.1:4010/*'],
        attributes: { 'pkce.code.challenge.method': 'S256' },
        protocolMappers: [mapper('bookings'), mapper('offices')],
      },
      {
        clientId: 'atlas-gateway',
        publicClient: false,
        secret: 'hidden',
        directAccessGrantsEnabled: false,
        redirectUris: ['https://desk.example.org/login/callback'],
        webOrigins: [],
        attributes: {
          'pkce.code.challenge.method': 'S256',
          'post.logout.redirect.uris': 'https://desk.example.org/',
        },
        protocolMappers: [mapper('bookings'), mapper('offices')],
      },
    ]);
  });

  it('keeps the ids of its users, and has a different digest if anything in it differs', () => {
    const idOf = (realm: ReturnType<typeof made>) =>
      JSON.stringify(realm['users']).match(/"id":"([0-9a-f-]{36})"/)?.[1];
    const one = made(() => 'one', 'bookings');
    const other = made(() => 'other', 'bookings');
    expect(idOf(one)).toBeDefined();
    expect(idOf(other)).toBe(idOf(one));
    expect(made(() => 'one', 'bookings')['attributes']).toEqual(one['attributes']);
    expect(other['attributes']).not.toEqual(one['attributes']);
    expect(made(() => 'one', 'offices')['attributes']).not.toEqual(one['attributes']);
  });
});
