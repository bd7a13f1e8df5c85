import { expect, it } from 'vitest';
import { specFolder } from '../test/support/specFolder.ts';
import { caseFolder } from '../test/harness/caseFolder.ts';
import { dryRun, generateFiles } from './pipeline.ts';

it('a dry run makes every text that a run makes', async () => {
  const config = `${caseFolder('bookings')}/specs/atlas.config.yaml`;
  const [dry, wet]: string[][] = [[], []];
  await dryRun(config, (name) => dry?.push(name));
  await generateFiles(
    config,
    (name) => wet?.push(name),
    async () => new Map(),
  );
  expect(wet?.at(-1)).toMatch(/^generating the text of \d+ files$/);
  expect(dry).toEqual(wet?.map((name) => name.replace('generating', 'checking')));
});

// Not a case folder, because Redocly follows such references, and all case folders are given to Redocly.
it('a $ref in data is not followed, neither to a file nor to the network', async () => {
  await using folder = await specFolder({
    'atlas.config.yaml': 'version: 1\nout: generated\nservices: { bookings: { openapi: bookings.yaml } }\n',
    'bookings.yaml': DATA,
  });
  const { diagnostics, files } = await generateFiles(
    `${folder.path}/atlas.config.yaml`,
    () => {},
    async () => new Map(),
  );
  expect(diagnostics).toEqual([]);
  const types = files?.find(({ path }) => path.endsWith('http/types.ts'))?.text;
  expect(types).toContain('"$ref": "/proc/self/environ"');
  expect(types).toContain("$ref: '#/nowhere'");
});

const DATA = `openapi: 3.1.0
info: { title: Bookings, version: 1.0.0 }
security: []
paths:
  /tickets:
    post:
      operationId: addTicket
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Ticket' }
            examples:
              file: { externalValue: ./examples/missing.json }
              network: { externalValue: 'http://127.0.0.1:9/x' }
              value: { value: { $ref: ./missing.yaml } }
      responses:
        '200':
          description: Added.
          content:
            application/json:
              schema: { type: object, properties: { seat: { $ref: '#/components/schemas/Seat' } } }
              example: { $ref: 'http://127.0.0.1:9/x' }
        default: { description: Refused., content: { application/problem+json: {} } }
components:
  schemas:
    Ticket:
      oneOf: [{ $ref: '#/components/schemas/Adult' }, { $ref: '#/components/schemas/Child' }]
      discriminator:
        propertyName: kind
        mapping: { adult: Adult, child: Child }
    Adult: { type: object, required: [kind], properties: { kind: { const: adult } } }
    Child: { type: object, required: [kind], properties: { kind: { const: child } } }
    Seat:
      type: object
      default: { $ref: ./missing.yaml }
      example: { $ref: /proc/self/environ, allOf: [text], discriminator: { propertyName: a } }
      properties:
        odd: { enum: [{ $ref: ./missing.yaml }] }
        fixed: { const: { $ref: '#/nowhere' } }
`;
