import type { JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { specFolder } from '../../../test/support/specFolder.ts';
import { Bundle } from './bundle.ts';

async function bundled(files: Readonly<Record<string, string>>): Promise<JsonValue> {
  await using folder = await specFolder({
    'atlas.config.yaml': 'version: 1\nservices: { bookings: { openapi: api/bookings.yaml } }\n',
    ...files,
  });
  const workspace = await folder.workspace();
  const root = workspace.documents.get('api/bookings.yaml');
  if (!root) throw new Error('no document');
  return new Bundle(workspace, root).document;
}

const schemas = (text: string): string => `components:\n  schemas:\n${text.replaceAll(/^/gm, '    ')}\n`;

describe('the bundled document', () => {
  it('keeps its own references and the order of keys', async () => {
    const text = schemas("B: { properties: { a: { $ref: '#/components/schemas/A' } } }\nA: { type: string }");
    const document = await bundled({ 'api/bookings.yaml': `openapi: 3.1.0\n${text}` });
    expect(JSON.stringify(document)).toBe(
      '{"openapi":"3.1.0","components":{"schemas":{"B":{"properties":{"a":{"$ref":"#/components/schemas/A"}}},"A":{"type":"string"}}}}',
    );
  });

  it('imports foreign parts by their names, and what they refer to, once', async () => {
    const document = await bundled({
      'api/bookings.yaml': schemas(
        "A: { items: { $ref: './common.yaml#/components/schemas/Money' } }\nB: { not: { $ref: 'common.yaml#/components/schemas/Money' } }",
      ),
      'api/common.yaml': schemas(
        "Money: { properties: { currency: { $ref: '#/components/schemas/Currency' } } }\nCurrency: { type: string }\nUnused: {}",
      ),
    });
    expect(document).toEqual({
      components: {
        schemas: {
          A: { items: { $ref: '#/components/schemas/Money' } },
          B: { not: { $ref: '#/components/schemas/Money' } },
          Money: { properties: { currency: { $ref: '#/components/schemas/Currency' } } },
          Currency: { type: 'string' },
        },
      },
    });
  });

  it('puts the name of the file before a name that is taken, and a number after it if that is taken, too', async () => {
    const document = await bundled({
      'api/bookings.yaml': schemas(
        "Seat: { anyOf: [{ $ref: 'x/seats.yaml#/Seat' }, { $ref: 'y/seats.yaml#/Seat' }, { $ref: 'z/seats.yaml#/Seat' }] }",
      ),
      'api/x/seats.yaml': 'Seat: { const: x }',
      'api/y/seats.yaml': 'Seat: { const: y }',
      'api/z/seats.yaml': 'Seat: { const: z }',
    });
    expect(document).toEqual({
      components: {
        schemas: {
          Seat: {
            anyOf: [
              { $ref: '#/components/schemas/seats_Seat' },
              { $ref: '#/components/schemas/seats_Seat_2' },
              { $ref: '#/components/schemas/seats_Seat_3' },
            ],
          },
          seats_Seat: { const: 'x' },
          seats_Seat_2: { const: 'y' },
          seats_Seat_3: { const: 'z' },
        },
      },
    });
  });

  it('replaces a component that only refers to a foreign part by that part', async () => {
    const document = await bundled({
      'api/bookings.yaml': schemas("Problem: { $ref: 'common.yaml#/P' }\nA: { items: { $ref: 'common.yaml#/Q' } }"),
      'api/common.yaml': "P: { type: object }\nQ: { items: { $ref: '#/P' } }",
    });
    expect(document).toEqual({
      components: {
        schemas: {
          Problem: { type: 'object' },
          A: { items: { $ref: '#/components/schemas/Q' } },
          Q: { items: { $ref: '#/components/schemas/Problem' } },
        },
      },
    });
  });

  it('keeps schemas that contain themselves, also across files', async () => {
    const document = await bundled({
      'api/bookings.yaml': schemas("Tree: { items: { $ref: 'node.yaml' } }"),
      'api/node.yaml':
        "properties: { next: { $ref: 'node.yaml' }, tree: { $ref: 'bookings.yaml#/components/schemas/Tree' } }",
    });
    expect(document).toEqual({
      components: {
        schemas: {
          Tree: { items: { $ref: '#/components/schemas/node' } },
          node: {
            properties: { next: { $ref: '#/components/schemas/node' }, tree: { $ref: '#/components/schemas/Tree' } },
          },
        },
      },
    });
  });

  it('keeps keys beside a reference, mappings of discriminators, and data that looks like a reference', async () => {
    const document = await bundled({
      'api/bookings.yaml': schemas(
        "A: { $ref: 'c.yaml#/C', description: mine, default: { $ref: 'c.yaml#/C' }, discriminator: { propertyName: k, mapping: { c: 'c.yaml#/C', d: D } } }",
      ),
      'api/c.yaml': 'C: {}',
    });
    expect(document).toEqual({
      components: {
        schemas: {
          A: {
            $ref: '#/components/schemas/C',
            description: 'mine',
            default: { $ref: 'c.yaml#/C' },
            discriminator: { propertyName: 'k', mapping: { c: '#/components/schemas/C', d: 'D' } },
          },
          C: {},
        },
      },
    });
  });

  it('keeps references through names of any characters', async () => {
    const document = await bundled({
      'api/bookings.yaml': schemas(
        "A: { properties: { '💺 %': { type: string } } }\nB: { not: { $ref: '#/components/schemas/A/properties/%F0%9F%92%BA%20%25' } }",
      ),
    });
    expect(document).toMatchObject({
      components: { schemas: { B: { not: { $ref: '#/components/schemas/A/properties/%F0%9F%92%BA%20%25' } } } },
    });
  });

  it('contains a copy of each foreign path item', async () => {
    const document = await bundled({
      'api/bookings.yaml': "paths: { /a: { $ref: 'paths.yaml#/a' } }",
      'api/paths.yaml': "a: { get: { responses: { 200: { $ref: '#/ok' } } } }\nok: { description: Fine. }",
    });
    expect(document).toEqual({
      paths: { '/a': { get: { responses: { 200: { $ref: '#/components/responses/ok' } } } } },
      components: { responses: { ok: { description: 'Fine.' } } },
    });
  });
});

it('can be made of a chain of ten thousand references', async () => {
  const links = Array.from({ length: 10_000 }, (_, index) => `S${index}: { items: { $ref: '#/S${index + 1}' } }`);
  const document = await bundled({
    'api/bookings.yaml': schemas("A: { $ref: 'chain.yaml#/S0', title: mine }"),
    'api/chain.yaml': `${links.join('\n')}\nS10000: {}\n`,
  });
  expect(JSON.stringify(document)).toContain('"S10000":{}');
});
