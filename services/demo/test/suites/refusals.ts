import { randomUUID } from 'node:crypto';
import { mintToken } from '@atlas/stack';
import { beforeAll, describe, expect, it } from 'vitest';
import { SERVICES } from '../../src/system/services.ts';
import { ask, type Asked } from '../contract/ask.ts';
import { servedContract, type ServedOperation } from '../contract/servedContract.ts';
import { type Headers, validFor } from '../contract/validFor.ts';
import { erp } from './erp.ts';

let withoutRole: string;
/** A token for each set of roles. */
const tokens = new Map<string, string>();

beforeAll(async () => {
  withoutRole = `Bearer ${await mintToken(erp.stack, { sub: 'ops-1', roles: [] })}`;
});
async function contractOf(url: string): ReturnType<typeof servedContract> {
  const { operations, misfitsOf } = await servedContract(url);
  for (const { roles = [] } of operations)
    tokens.set(roles.join(), `Bearer ${await mintToken(erp.stack, { sub: 'kim', roles })}`);
  // Callers that sign the body have no token; other tests check their refusals.
  return { operations: operations.filter(({ roles }) => roles !== undefined), misfitsOf };
}

function authorizationOf({ roles = [] }: ServedOperation): string {
  return tokens.get(roles.join()) ?? '';
}

describe.each(SERVICES.map((service) => ({ service })))('what the plumbing of $service answers', ({ service }) => {
  it('is declared by the document that the service serves: status, headers and body', async () => {
    const { url } = erp.system.process(service);
    const { operations, misfitsOf } = await contractOf(url);
    const misfits: string[] = [];
    for (const operation of operations)
      for (const [what, expected, asked] of refusalsOf(operation)) {
        const received = await ask(url, asked);
        const found = [...misfitsOf(operation, received)];
        if (received.status !== expected) found.push(`is ${received.status}, not ${expected}: ${received.body}`);
        misfits.push(...found.map((text) => `${operation.id} ${what}: ${text}`));
      }
    expect(operations).not.toEqual([]);
    expect(misfits).toEqual([]);
  });

  it('is declared for a key that is used again, even by many at once', async () => {
    const { url } = erp.system.process(service);
    const { operations, misfitsOf } = await contractOf(url);
    for (const operation of operations.filter(({ takesKey }) => takesKey)) {
      const asked = validFor(operation, authorizationOf(operation));
      const first = await Promise.all(Array.from({ length: 8 }, () => ask(url, asked)));
      const replay = await ask(url, { ...asked, headers: { ...asked.headers, 'x-correlation-id': 'another' } });
      expect(replay.headers.get('idempotency-replayed'), replay.body).toBe('true');
      expect(replay.headers.get('x-correlation-id')).toBe('another');
      const reused = await ask(url, changed(operation, asked));
      const answers = [...first, replay, reused];
      expect(answers.flatMap((received) => misfitsOf(operation, received))).toEqual([]);
      expect(reused.status, reused.body).toBe(422);
    }
  });
});

type Refusal = readonly [what: string, status: number, asked: Asked];

/** The same request with other data that the operation accepts too. */
function changed(operation: ServedOperation, valid: Asked & { readonly headers: Headers }): Asked {
  if (operation.takesVersion) return { ...valid, headers: { ...valid.headers, 'if-match': '"2"' } };
  if (operation.body === undefined) {
    const { path } = validFor(operation, authorizationOf(operation));
    return { ...valid, path: path === valid.path ? path.replace(/\d(?!.*\d)/, '2') : path };
  }
  for (const body of variants(operation.body))
    if (JSON.stringify(body) !== valid.body && operation.accepts(body)) return { ...valid, body: JSON.stringify(body) };
  throw new Error(`no other body for ${operation.id} was found`);
}

/** Values that differ in one member. */
function* variants(value: unknown): Generator {
  if (typeof value === 'number') yield* [value - 1, value + 1];
  else if (typeof value === 'boolean') yield !value;
  else if (typeof value === 'string')
    yield* [`${value} 2`, randomUUID(), value.replace(/\d(?!.*\d)/, (last) => (last === '1' ? '2' : '1'))];
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) for (const other of variants(item)) yield value.with(index, other);
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value))
      for (const other of variants(member)) yield { ...value, [name]: other };
}

/** Requests that the plumbing refuses, each with its status. Tests of the runtime check 408, 500 and 503. */
function refusalsOf(operation: ServedOperation): readonly Refusal[] {
  const valid = validFor(operation, authorizationOf(operation));
  const adding = (headers: Headers, rest: Partial<Asked> = {}): Asked => ({
    ...valid,
    headers: { ...valid.headers, ...headers },
    ...rest,
  });
  const leaving = (...names: readonly string[]): Asked => ({
    ...valid,
    headers: Object.fromEntries(Object.entries(valid.headers).filter(([name]) => !names.includes(name))),
  });
  const refusals: Refusal[] = [
    ['without a token', 401, leaving('authorization')],
    ['with a token of somebody else', 401, adding({ authorization: 'Bearer e30.e30.e30' })],
    ['without the role', 403, adding({ authorization: withoutRole })],
    ['with two hosts', 400, { ...valid, more: ['host: elsewhere'] }],
    ['that expects something', 417, adding({ expect: 'something' })],
    ['in another transfer coding', 501, { method: valid.method, path: valid.path, ...coded(operation) }],
    ['with a header of 40 KB', 431, adding({ 'x-note': 'a'.repeat(40_000) })],
    ['with an unknown query', 400, { ...valid, path: `${valid.path}?${'a'.repeat(3_000)}=1` }],
  ];
  if (operation.path.includes('{')) {
    const pathOf = (value: string): Asked => ({ ...valid, path: operation.path.replaceAll(/\{\w+\}/g, value) });
    refusals.push(['with a long path', 414, pathOf('a'.repeat(1_001))], ['with an invalid path', 400, pathOf('a%2Fb')]);
  }
  if (operation.method !== 'GET' && operation.body === undefined)
    refusals.push(['with a body', 400, adding({}, { body: '{}' })]);
  if (operation.body !== undefined)
    refusals.push(
      ['with a member of a long name', 400, adding({}, { body: JSON.stringify({ ['a'.repeat(9_000)]: 1 }) })],
      ['with half a body', 400, adding({}, { body: '{' })],
      ['without its body', 400, adding({}, { body: '' })],
      ['with a huge body', 413, adding({ 'content-length': '20000000' })],
      ['as plain text', 415, adding({ 'content-type': 'text/plain' })],
      ['with a media type that cannot be read', 415, adding({ 'content-type': ';' })],
      ['compressed', 415, adding({ 'content-encoding': 'gzip' })],
    );
  if (operation.takesKey)
    refusals.push(
      ['without a key', 400, leaving('idempotency-key')],
      ['with a key of 9 KB', 400, adding({ 'idempotency-key': 'a'.repeat(9_000) })],
    );
  if (operation.takesVersion)
    refusals.push(
      ['without a version', 428, leaving('if-match')],
      ['with a weak version', 412, adding({ 'if-match': 'W/"1"' })],
      ['with a long version', 412, adding({ 'if-match': `"${'a'.repeat(9_000)}"` })],
      ['with two versions', 400, adding({ 'if-match': '"1", "2"' })],
    );
  return refusals;
}

/** Without a length, because HTTP allows only one of the two. */
function coded(operation: ServedOperation): Pick<Asked, 'headers' | 'more'> {
  return {
    headers: { authorization: authorizationOf(operation), 'transfer-encoding': 'gzip, chunked' },
    more: ['', '0', ''],
  };
}
