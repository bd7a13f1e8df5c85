import type { JsonObject } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { apiOf } from '../../../test/harness/compiledModule.ts';
import { typesModule } from './types.ts';

describe('the types of a document', () => {
  it.each<[string, JsonObject]>([
    ['an example', { type: 'string', example: { $ref: '/etc/passwd' } }],
    ['a default', { type: 'object', default: { $ref: './missing.json' } }],
    ['a constant', { const: { $ref: 'http://127.0.0.1:9/x' } }],
    ['an enum', { enum: [{ $ref: '#/nowhere' }, { allOf: ['x'], discriminator: { propertyName: 'a' } }] }],
  ])('have a $ref in %s as it is written', (_, schema) => {
    const text = typesModule(apiOf({}, { Seat: schema }));
    expect(text).not.toContain('data_');
    expect(text).toMatch(/\$ref"?: ?"/);
  });

  it.each<[string, JsonObject, string]>([
    ['any members', { type: 'object' }, '{ [key: string]: unknown; }'],
    ['any members, or null', { type: ['object', 'null'] }, '{ [key: string]: unknown; } | null'],
    ['no members', { type: 'object', additionalProperties: false }, 'Record<string, never>'],
  ])('allow an object %s', (_, schema, expected) => {
    const text = typesModule(apiOf({}, { Seat: schema }));
    expect(text.replaceAll(/\s+/g, ' ').replaceAll('readonly ', '')).toContain(`Seat: ${expected};`);
  });

  it('ignore `nullable`, which OpenAPI 3.1 does not have', () => {
    const text = typesModule(
      apiOf({}, { Seat: { type: 'string', nullable: true }, Row: { type: 'object', properties: { nullable: {} } } }),
    );
    expect(text.replaceAll('readonly ', '')).toContain('Seat: string;');
    expect(text).toContain('nullable?: unknown;');
  });

  it.each(['Adult', '#/components/schemas/Adult'])('have the value that a discriminator maps to %s', (target) => {
    const choice = {
      oneOf: [{ $ref: '#/components/schemas/Adult' }],
      discriminator: { propertyName: 'kind', mapping: { grown: target } },
    };
    const adult = { type: 'object', properties: { kind: { type: 'string' } } };
    expect(typesModule(apiOf({}, { Choice: choice, Adult: adult }))).toContain('readonly kind: "grown"');
  });
});
