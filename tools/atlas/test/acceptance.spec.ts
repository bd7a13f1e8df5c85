import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, isRecord, type JsonObject, type JsonValue } from '@atlas/ir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Acceptance } from '../src/breaking/http/accepts.ts';
import { apiOf, type Operation, type Parameter } from '../src/breaking/http/api.ts';
import type { RequestValue } from '../src/breaking/http/exchange.ts';
import { Samples } from '../src/breaking/http/samples.ts';
import { memoryVersion } from '../src/breaking/testing/memoryVersion.ts';
import { values } from '../src/breaking/testing/randomSchemas.ts';
import { caseFolder } from './harness/caseFolder.ts';
import { generatedCases } from './harness/generatedCases.ts';

const NAME = 'many-kinds-of-requests';
const runs = { numRuns: Number(process.env['RUNS'] ?? 1_500), seed: Number(process.env['SEED'] ?? 8) };

async function document(): Promise<JsonObject> {
  const read: JsonValue = JSON.parse(await readFile(join(caseFolder(NAME), 'specs/api.json'), 'utf8'));
  if (!isObject(read)) throw new Error('the case has no document');
  return read;
}

/** Texts that parameters of the case accept or refuse. */
const texts = fc.oneof(
  fc.integer({ min: -20, max: 120 }).map(String),
  fc.constantFrom('a', 'b', 'ab', 'abab', 'true', 'false', '1.5', '1,2', '1,200', 'a,b,ab', '1|2|3', '1|2|3|4', 'x y'),
);

type Given = readonly (readonly [parameter: Parameter, texts: readonly string[]])[];

function givenOf(operation: Operation): fc.Arbitrary<Given> {
  const one = (parameter: Parameter): fc.Arbitrary<readonly string[]> =>
    parameter.in === 'path'
      ? texts.map((text) => [text])
      : fc.array(texts, { maxLength: parameter.explode && parameter.in === 'query' ? 4 : 1 });
  return fc.tuple(
    ...operation.parameters.map((parameter) => one(parameter).map((found) => [parameter, found] as const)),
  );
}

function written({ method, path }: Operation, given: Given, body: JsonValue | undefined): RequestValue {
  let target = path;
  const query: string[] = [];
  const headers: Record<string, string> = {};
  for (const [{ in: where, name }, found] of given)
    for (const text of found)
      if (where === 'path') target = target.replaceAll(`{${name}}`, encodeURIComponent(text));
      else if (where === 'query') query.push(`${name}=${encodeURIComponent(text)}`);
      else headers[name.toLowerCase()] = text;
  const url = `http://localhost${target}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  if (body === undefined) return { method, url, headers };
  return { method, url, headers: { ...headers, 'content-type': 'application/json' }, body };
}

describe('the model of what an API accepts', () => {
  it('agrees with the generated routes about random requests', async () => {
    const api = apiOf(memoryVersion(await document()));
    const model = new Acceptance(api, new Samples(api.version));
    const bodies = (operation: Operation): fc.Arbitrary<JsonValue | undefined> =>
      operation.body === undefined ? fc.constant(undefined) : fc.option(values, { nil: undefined, freq: 8 });
    const requests = fc.sample(
      fc
        .constantFrom(...api.operations)
        .chain((operation) =>
          fc.tuple(givenOf(operation), bodies(operation)).map(([given, body]) => written(operation, given, body)),
        ),
      runs,
    );
    const generated = await generatedCases([NAME]);
    try {
      const asked = requests.map(({ method, url, headers, body }) => ({
        title: '',
        method,
        url: url.slice('http://localhost'.length),
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        handler: { status: 200, body: null },
        gets: {},
      }));
      const [said] = await generated.ask([{ name: NAME, requests: asked }]);
      expect(said?.error).toBeUndefined();
      const both = requests.map((request, index) => {
        const answer = said?.answers[index];
        const status = isRecord(answer) ? answer['status'] : undefined;
        return { request, status, model: model.accepts(request, new Map()) };
      });
      const wrong = both.filter(({ status, model: accepts }) => (status === 200) !== accepts);
      expect(wrong.map((each) => JSON.stringify(each))).toEqual([]);
      const accepted = both.filter(({ status }) => status === 200).length;
      expect(accepted).toBeGreaterThan(requests.length / 20);
      expect(accepted).toBeLessThan(requests.length * 0.9);
    } finally {
      await generated.remove();
    }
  });
});
