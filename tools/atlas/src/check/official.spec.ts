import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { caseFolder } from '../../test/harness/caseFolder.ts';
import { specFolder } from '../../test/support/specFolder.ts';
import { checkOfficial } from './official.ts';

const clean = `${caseFolder('clean-two-services')}/specs/`;

// A step of `make check` (tools/house/src/official) checks that they accept the specs and the case folders.
describe('the official tools', () => {
  it('do not follow references in data', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end('{}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const example = `{ $ref: 'http://127.0.0.1:${port}/x' }`;
    await using folder = await specFolder({
      'atlas.config.yaml': 'version: 1\nservices: { x: { openapi: api.yaml } }\n',
      'api.yaml': `openapi: 3.1.0
info: { title: T, version: '1' }
security: []
paths:
  /things:
    get:
      operationId: getThings
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: { type: object, properties: { a: { example: ${example}, default: { $ref: ./missing.yaml } } } }
              examples: { one: { value: ${example} } }
`,
    });
    const found = await checkOfficial(await folder.workspace());
    server.close();
    expect(found).toEqual([]);
    expect(asked).toBe(0);
  });

  it('report what they refuse', async () => {
    const read = (file: string): string => readFileSync(`${clean}${file}`, 'utf8');
    await using folder = await specFolder({
      'atlas.config.yaml':
        'version: 1\nservices: { bookings: { openapi: openapi/bookings.yaml }, seats: { asyncapi: common.yaml } }\n',
      'openapi/bookings.yaml': read('openapi/bookings.yaml').replace('summary: Book seats.', 'sumary: Book seats.'),
      'openapi/common.yaml': read('openapi/common.yaml'),
      'common.yaml': 'asyncapi: 3.0.0\ninfo: { title: Seats }\n',
    });
    const found = await checkOfficial(await folder.workspace());
    expect(found.map(({ code, loc }) => `${code} ${loc.file}:${loc.line}`)).toEqual([
      'ATL2090 openapi/bookings.yaml:7',
      'ATL3090 common.yaml:2',
    ]);
  });
});
