import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseFolder, readTree } from './harness/caseFolder.ts';
import { bootInMemory, type InMemoryCase } from './harness/inMemoryCase.ts';

/** The same as in the spec of the case. */
const EVIL =
  '*/ globalThis.pwned = true; /* ` ${globalThis.pwned = true} \' " \\ \n // \u2028 globalThis.pwned = true; \r\n--> </script>';
const LINES = 'a\u2028globalThis.pwned = 1\u2029b\rc\nd\u0000e\u0085';
const ROUTE = "/v1/it's-(odd)$&,y@!~+=[1]'+(globalThis.pwned=1)+'";

/** Logs what was parsed. The output says whether a text of the spec was run as code. */
const PROGRAM = `
import { contract, type Handlers } from '@atlas/generated-shop';
import { serve } from './serve.ts';

const EVIL = ${JSON.stringify(EVIL)};
const handlers: Handlers = {
  putThing: async () => ({ status: 409, problem: { code: "a'b" } }),
  toString: async ({ ctx: _, ...input }) => {
    console.log(JSON.stringify({ message: 'parsed', ...input }));
    const body = { [EVIL]: EVIL, toString: String(Reflect.get(globalThis, 'pwned')), constructor: { toString: '/' } };
    return { status: 200, body, headers: { "X-$'\`*": 'x' } };
  },
};
await serve(contract, handlers);
`;

describe('names and texts of a spec that are code, or that JavaScript treats specially', () => {
  let shop: InMemoryCase;
  beforeAll(async () => {
    shop = await bootInMemory('injection', 'shop', PROGRAM);
  });
  afterAll(async () => shop?.stop());

  const post = async (path: string, body: unknown): Promise<{ status: number; json: unknown; headers: Headers }> => {
    const response = await fetch(`${shop.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, json: await response.json(), headers: response.headers };
  };

  it('are routed, parsed, validated and serialised as plain text', async () => {
    const answer = await post(`${ROUTE}/abc?back%60tick=1`, { toString: '/`', hasOwnProperty: EVIL });
    expect(answer).toMatchObject({ status: 200, json: { [EVIL]: EVIL, toString: 'undefined' } });
    expect(answer.headers.get("x-$'`*")).toBe('x');
    expect(await shop.logged(({ message }) => message === 'parsed')).toEqual({
      message: 'parsed',
      params: { constructor: 'abc' },
      query: { hasOwnProperty: { 'back`tick': 1 }, [LINES]: LINES },
      headers: { "X-*-`-$'-|": EVIL },
      body: { toString: '/`', hasOwnProperty: EVIL },
    });
  });

  it.each<[string, object, string]>([
    ['a missing property that objects inherit', {}, '/toString'],
    ['a text that breaks its pattern', { toString: 'x' }, '/toString'],
    ['a readOnly property', { toString: '/', id: 'i' }, '/id'],
    ['a value outside its enum', { toString: '/', hasOwnProperty: 'a' }, '/hasOwnProperty'],
    ['a value other than its const', { toString: '/', valueOf: {} }, '/valueOf'],
    ['a name that breaks its pattern', { toString: '/', more: { x: 1 } }, '/more/x'],
    ['a wrong value within itself', { toString: '/', self: {} }, '/self/toString'],
  ])('are part of a schema that refuses %s', async (_, body, pointer) => {
    expect((await post(`${ROUTE}/abc`, body)).json).toMatchObject({ status: 400, errors: [{ pointer }] });
  });

  it('put no character into a file that hides the end of a line or makes git treat the file as binary', async () => {
    const files = await readTree(join(caseFolder('injection'), 'expected'));
    expect(files.size).toBeGreaterThan(10);
    for (const [file, text] of [...files].filter(([name]) => name.endsWith('.ts')))
      expect(text, file).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u2028\u2029]/);
  });

  it('are the same in the case and in this test', async () => {
    const spec = await readFile(join(caseFolder('injection'), 'specs/openapi/shop.json'), 'utf8');
    const document: unknown = JSON.parse(spec);
    expect(JSON.stringify(document)).toContain(JSON.stringify(LINES));
    expect(document).toMatchObject({ info: { title: EVIL } });
  });
});
