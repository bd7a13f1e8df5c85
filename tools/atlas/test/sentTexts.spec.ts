import { isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOf, type Api, type Operation, type Parameter } from '../src/breaking/http/api.ts';
import { compareHttp } from '../src/breaking/http/compareHttp.ts';
import { meaningsOf, queryPairs, textOf } from '../src/breaking/http/parameterText.ts';
import { sendable } from '../src/breaking/http/sendable.ts';
import { memoryVersion } from '../src/breaking/testing/memoryVersion.ts';
import { isRequest, isResponse, Peer } from '../src/breaking/testing/peers.ts';
import { plainAjv } from '../src/breaking/testing/plainAjv.ts';
import { startEcho, type Arrived, type Echo } from './harness/echo.ts';

/** The variables `RUNS` and `SEED` set other values. */
const runs = { numRuns: Number(process.env['RUNS'] ?? 500), seed: Number(process.env['SEED'] ?? 31) };

let echo: Echo;
beforeAll(async () => {
  echo = await startEcho();
});
afterAll(() => echo.stop());

/** Characters that some part of a request can't have, drops or reads as a sign of its own. */
const LETTERS = [
  ...Array.from('aB1 .,;=|%"\\/+&#?[]{}\':@\t\r\n\0\u001f\u007f\u0085\u00a0é中'),
  '\u{1f600}',
  '\ud800',
  '\udc00',
  '%2e',
];

const texts = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 3 });
const scalars = fc.oneof({ weight: 5, arbitrary: texts }, fc.boolean(), fc.integer({ min: -9, max: 99 }));
const lists = fc.array(scalars, { minLength: 1, maxLength: 3 });
const objects = fc.dictionary(texts, scalars, { minKeys: 1, maxKeys: 2, noNullPrototype: true });

/** Each way to write a parameter, and the values that it can write. */
const WAYS: readonly (readonly [where: string, style: string, explode: boolean, values: fc.Arbitrary<JsonValue>])[] = [
  ...['simple', 'label', 'matrix'].flatMap((style) =>
    [true, false].map((explode) => ['path', style, explode, fc.oneof(scalars, lists, objects)] as const),
  ),
  ...[true, false].map((explode) => ['header', 'simple', explode, fc.oneof(scalars, lists, objects)] as const),
  ['query', 'form', true, fc.oneof(scalars, lists)],
  ['query', 'form', false, fc.oneof(scalars, lists, objects)],
  ['query', 'spaceDelimited', false, lists],
  ['query', 'pipeDelimited', false, lists],
  ['cookie', 'form', false, fc.oneof(scalars, lists)],
];

/** What may be around a parameter in its segment of the path. */
const AROUND = ['{v}', '{v}', 'v{v}', '.{v}', '{v}.', '{v}.json'];

const NAMES = ['v', 'v', 'v', 'V-1', 'v v', 'v:1'];

function documentOf(parameter: JsonObject, path: string): JsonObject {
  return {
    openapi: '3.1.0',
    info: { title: 'Texts', version: '1.0.0' },
    paths: { [path]: { get: { parameters: [parameter], responses: { 200: { description: 'Done.' } } } } },
  };
}

function only(api: Api): readonly [Operation, Parameter] {
  const [operation] = api.operations;
  const [parameter] = operation?.parameters ?? [];
  if (!operation || !parameter) throw new Error('the document has a parameter');
  return [operation, parameter];
}

/** A client that writes a value as the parameter says, whatever comes of it. */
async function sent(parameter: Parameter, { path }: Operation, value: JsonValue): Promise<Arrived | undefined> {
  const { in: where, name } = parameter;
  const encode = (text: string): string => encodeURIComponent(text.toWellFormed());
  const written = where === 'query' ? '' : textOf(parameter, value, where === 'header' ? String : encode);
  const target = where === 'path' ? path.replace(`{${name}}`, () => written) : path;
  const query = where === 'query' ? `?${queryPairs(parameter, value).join('&')}` : '';
  const headers: Record<string, string> =
    where === 'header' ? { [name]: written } : where === 'cookie' ? { cookie: `${name}=${written}` } : {};
  return await echo.send('GET', target + query, headers);
}

/** The texts of a parameter in a request that arrived. */
function textsIn({ url, headers }: Arrived, { in: where, name }: Parameter, { path }: Operation): readonly string[] {
  const [pathname = '', query = ''] = url.split('?');
  switch (where) {
    case 'path': {
      const [before = '', after = ''] = path.split(`{${name}}`);
      const isWhole = pathname.startsWith(before) && pathname.endsWith(after);
      return isWhole ? [pathname.slice(before.length, pathname.length - after.length)] : [];
    }
    case 'query':
      return query.split('&').flatMap((pair) => {
        const [key = '', ...rest] = pair.split('=');
        return decodeURIComponent(key) === name ? [rest.join('=')] : [];
      });
    case 'cookie':
      return (headers['cookie'] ?? '')
        .split('; ')
        .flatMap((one) => (one.startsWith(`${name}=`) ? [one.slice(name.length + 1)] : []));
    default:
      return [headers[name.toLowerCase()] ?? []].flat();
  }
}

function decoded(where: string, text: string): string {
  return where === 'header' ? text : decodeURIComponent(text);
}

/** Whether a server would read an empty text, which some routers and servers do not. */
function isEmptyText(value: JsonValue): boolean {
  return value === '' || (Array.isArray(value) && value.every((item) => item === ''));
}

describe('what a client sends in a parameter', () => {
  it('arrives unchanged if the model says so, and otherwise does not', async () => {
    const seen = { arrived: 0, changed: 0 };
    const ways = fc
      .constantFrom(...WAYS)
      .chain(([where, style, explode, values]) =>
        fc.tuple(
          fc.constant({ in: where, style, explode }),
          values,
          fc.constantFrom(...AROUND),
          fc.constantFrom(...NAMES),
        ),
      );
    await fc.assert(
      fc.asyncProperty(ways, async ([way, value, around, other]) => {
        const isPath = way.in === 'path';
        const name = isPath ? 'v' : other;
        // OpenAPI gives a deep meaning to brackets, and to a cookie of another name none
        const raw = { ...way, name, required: isPath, schema: {} };
        const [operation, parameter] = only(apiOf(memoryVersion(documentOf(raw, isPath ? `/p/${around}` : '/p'))));
        const within = sendable(parameter, operation.path);
        const said = within === true || (isObject(within) && plainAjv(within)(value) === true);
        const arrived = await sent(parameter, operation, value);
        const meanings =
          arrived && meaningsOf(parameter, textsIn(arrived, parameter, operation), (text) => decoded(way.in, text));
        const isSame = meanings?.some((one) => JSON.stringify(one) === JSON.stringify(value)) ?? false;
        seen[said ? 'arrived' : 'changed'] += 1;
        if (isEmptyText(value) && !said) return;
        expect(isSame, JSON.stringify({ raw, path: operation.path, value, arrived, meanings })).toBe(said);
      }),
      { ...runs, endOnFailure: true },
    );
    expect(seen.arrived).toBeGreaterThan(runs.numRuns / 4);
    expect(seen.changed).toBeGreaterThan(runs.numRuns / 8);
  });

  it('arrives in a header of a response if the model says so, and otherwise does not', async () => {
    const [, parameter] = only(
      apiOf(memoryVersion(documentOf({ name: 'v', in: 'header', explode: false, schema: {} }, '/p'))),
    );
    const within = sendable(parameter);
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const said = isObject(within) && plainAjv(within)(text) === true;
        // clients of Node keep a tab at the end, although it is not part of the text (RFC 9110, section 5.5)
        if (text.endsWith('\t')) return;
        expect((await echo.answer('v', text)) === text, JSON.stringify(text)).toBe(said);
      }),
      { ...runs, numRuns: runs.numRuns / 4 },
    );
  });
});

/** Schemas of texts of which some do not arrive. */
const ofTexts: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.array(texts, { minLength: 1, maxLength: 4 }).map((values): JsonObject => ({ type: 'string', enum: values })),
  fc
    .constantFrom(
      '^ +$',
      '^\\s*$',
      '^[^a]*$',
      '^.$',
      '^[\\u0000-\\u001f]*$',
      '^[ \\t]',
      ' $',
      '^[.]*$',
      '^[,a ]*$',
      '^\\S',
    )
    .map((pattern): JsonObject => ({ type: 'string', pattern })),
  fc.record({ type: fc.constant('string'), minLength: fc.nat(2), maxLength: fc.integer({ min: 2, max: 3 }) }),
  fc.constantFrom<JsonObject>({ type: 'string' }, { type: 'string' }, { type: 'integer' }),
);
const ofLists = fc
  .record({ items: ofTexts, maxItems: fc.integer({ min: 1, max: 2 }) })
  .map((list): JsonObject => ({ type: 'array', ...list }));

/** Two versions of a schema, of texts or of lists of texts. */
const versions = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(ofTexts, ofTexts) },
  { weight: 1, arbitrary: fc.tuple(ofLists, ofLists) },
);

/** Whether a version of the API accepts a request as it arrived, by ajv. Undefined if that is not sure. */
function takes(peer: Peer, method: string, { url, headers }: Arrived): boolean | undefined {
  return peer.sure((one) => one.accepts({ method, url: `http://localhost${url}`, headers }, new Map()));
}

describe('the verdict on texts that clients send', () => {
  const pairs = fc.record({
    where: fc.constantFrom('path', 'query', 'header', 'header', 'cookie'),
    around: fc.constantFrom(...AROUND),
    schemas: versions,
    isRequired: fc.boolean(),
    values: fc.array(fc.oneof(scalars, lists), { minLength: 6, maxLength: 6 }),
  });

  it('has a proof that still proves it when it has arrived, and "compatible" only if nothing that arrives breaks', async () => {
    const seen = { proofs: 0, attacks: 0, unproven: 0 };
    await fc.assert(
      fc.asyncProperty(pairs, async ({ where, around, schemas: [before, after], isRequired, values }) => {
        const isPath = where === 'path';
        const [old, next] = [before, after].map((schema) =>
          memoryVersion(
            documentOf(
              { name: 'v', in: where, required: isPath || isRequired, schema },
              isPath ? `/p/${around}` : '/p',
            ),
          ),
        );
        if (!old || !next) throw new Error('there are two versions');
        const [was, is] = [new Peer(old), new Peer(next)];
        const [operation, parameter] = only(was.api);
        const { findings } = compareHttp(old, next, '', {});
        const told = JSON.stringify({ where, path: operation.path, before, after });
        for (const { severity, witness } of findings) {
          if (severity !== 'error') seen.unproven += 1;
          const value = witness?.value ?? null;
          if (!isRequest(value)) continue;
          seen.proofs += 1;
          const { method, url, headers } = value;
          const arrived = await echo.send(method, url.replace(/^http:\/\/localhost/, ''), headers);
          const shown = `${told} ${JSON.stringify({ value, arrived })}`;
          expect(
            arrived && [takes(was, method, arrived) !== false, takes(is, method, arrived) === true],
            shown,
          ).toEqual([true, false]);
        }
        if (findings.length > 0) return;
        const listed = isObject(before) && Array.isArray(before['enum']) ? before['enum'] : [];
        for (const value of [...values, ...listed]) {
          const arrived = await sent(parameter, operation, value);
          if (!arrived || takes(was, 'GET', arrived) !== true) continue;
          seen.attacks += 1;
          // the router of a server may not know an empty segment
          if (isEmptyText(value) && isPath) continue;
          expect(takes(is, 'GET', arrived), `${told} ${JSON.stringify({ value, arrived })}`).not.toBe(false);
        }
      }),
      { ...runs, endOnFailure: true },
    );
    expect(seen.proofs).toBeGreaterThan(runs.numRuns / 4);
    expect(seen.attacks).toBeGreaterThan(runs.numRuns / 4);
    expect(seen.unproven).toBeLessThan(runs.numRuns / 30);
  });

  it('has a response as its proof that still proves it when it has arrived', async () => {
    let proofs = 0;
    await fc.assert(
      fc.asyncProperty(versions, fc.boolean(), async ([before, after], required) => {
        const [old, next] = [before, after].map((schema) =>
          memoryVersion({
            openapi: '3.1.0',
            info: { title: 'Texts', version: '1.0.0' },
            paths: {
              '/p': { get: { responses: { 200: { description: 'Done.', headers: { V: { required, schema } } } } } },
            },
          }),
        );
        if (!old || !next) throw new Error('there are two versions');
        for (const { witness } of compareHttp(old, next, '', {}).findings) {
          const value = witness?.value ?? null;
          if (!isResponse(value)) continue;
          proofs += 1;
          const text = await echo.answer('v', value.headers['v'] ?? '');
          const got = { ...value, headers: text === undefined ? {} : { v: text } };
          const declares = [old, next].map((version) => {
            const peer = new Peer(version);
            const [operation] = peer.api.operations;
            return operation && peer.sure((one) => one.declares(operation, got));
          });
          expect([declares[0] !== true, declares[1] !== false], JSON.stringify({ before, after, value, text })).toEqual(
            [true, true],
          );
        }
      }),
      { ...runs, numRuns: runs.numRuns / 4, endOnFailure: true },
    );
    expect(proofs).toBeGreaterThan(runs.numRuns / 16);
  });
});
