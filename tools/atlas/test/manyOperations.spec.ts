import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generatedServices, type GeneratedCases } from './harness/generatedCases.ts';

const STATUSES = ['200', '201', '202', '203', '404', '409'];

/** 700 operations with six responses of equal schemas, each with a header: 8,400 parts to compile. */
function manyOperations(): object {
  const response = (status: string): object => ({
    description: 'A response.',
    headers: { 'X-Rate': { schema: { type: 'integer' } } },
    content: {
      [status < '400' ? 'application/json' : 'application/problem+json']: {
        schema: { type: 'object', required: ['id'], properties: { id: { type: 'string', minLength: 1 } } },
      },
    },
  });
  const responses = Object.fromEntries(
    STATUSES.map((status) => [status, { $ref: `#/components/responses/r${status}` }]),
  );
  const refused = { description: 'Refused.', content: { 'application/problem+json': {} } };
  const paths = Object.fromEntries(
    Array.from({ length: 700 }, (_, index) => [
      `/a${index}`,
      { get: { operationId: `op${index}`, responses: { ...responses, default: refused } } },
    ]),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    security: [],
    paths,
    components: { responses: Object.fromEntries(STATUSES.map((status) => [`r${status}`, response(status)])) },
  };
}

let folder: string;
let generated: GeneratedCases;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-many-'));
  await mkdir(join(folder, 'specs'));
  await writeFile(join(folder, 'specs/api.json'), JSON.stringify(manyOperations()));
  const config = join(folder, 'specs/atlas.config.yaml');
  await writeFile(config, 'version: 1\nservices: { x: { openapi: api.json } }\n');
  generated = await generatedServices(new Map([['many', config]]));
});
afterAll(async () => {
  await generated?.remove();
  await rm(folder, { recursive: true, force: true });
});

it('generates a service of 700 operations, which boots and validates what the last one answers', async () => {
  const asked = { title: '', method: 'GET', url: '/a699', gets: {} };
  const handler = (id: string): object => ({ status: 203, headers: { 'x-rate': 1 }, body: { id } });
  const requests = [
    { ...asked, handler: handler('1') },
    { ...asked, handler: handler('') },
  ];
  const [answers] = await generated.ask([{ name: 'many', requests }]);
  expect(answers).toMatchObject({
    answers: [
      { status: 203, body: { id: '1' } },
      { status: 500, body: { code: 'internal' } },
    ],
  });
});
