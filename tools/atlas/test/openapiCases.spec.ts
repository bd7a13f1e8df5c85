import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { areaNames } from './harness/caseFolder.ts';
import {
  generatedCases,
  requestsOf,
  type CaseAnswers,
  type CaseRequest,
  type GeneratedCases,
} from './harness/generatedCases.ts';

/** All cases of OpenAPI that generate something. */
const names = areaNames('openapi').filter((name) => !name.startsWith('bad-'));
const requests = new Map<string, readonly CaseRequest[]>();
for (const name of names) requests.set(name, await requestsOf(name));
const asked = [...requests].flatMap(([name, list]) => list.map((request, index) => ({ name, request, index })));

let generated: GeneratedCases;
let answers: ReadonlyMap<string, CaseAnswers>;

beforeAll(async () => {
  generated = await generatedCases(names);
  const cases = names.map((name) => ({ name, requests: requests.get(name) ?? [] }));
  const list = await generated.ask(cases);
  answers = new Map(names.map((name, index) => [name, list[index] ?? { answers: [] }]));
});
afterAll(() => generated?.remove());

describe('the code that is generated from a case of OpenAPI', () => {
  it('compiles with every strict option, with the code written against it', async () => {
    expect(await generated.errors()).toBe('');
  });

  it.each(names)('boots without compiling a schema: %s', (name) => {
    expect(answers.get(name)?.error).toBeUndefined();
  });

  it.each(asked)('answers in $name: $request.title', ({ name, request, index }) => {
    expect(answers.get(name)?.answers[index]).toMatchObject(request.gets);
  });
});
