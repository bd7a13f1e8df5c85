import type { JsonObject, JsonValue } from '@atlas/ir';
import { expect, it } from 'vitest';
import { apiOf } from '../../../test/harness/compiledModule.ts';

const id = { type: 'string', readOnly: true };
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** The body and the answer of an operation that takes and gives the same schema, and all components. */
function wire(
  schema: JsonValue,
  schemas: JsonObject,
): Readonly<Record<'body' | 'answer' | 'schemas', JsonValue | undefined>> {
  const { operations, wireDocument } = apiOf(schema, schemas);
  const [operation] = operations;
  const content = operation?.responses[0]?.content;
  const components: JsonValue | undefined = wireDocument['components'];
  return {
    body: operation?.body?.schema,
    answer: content?.kind === 'json' ? content.schema : undefined,
    schemas:
      typeof components === 'object' && components !== null && 'schemas' in components
        ? components['schemas']
        : undefined,
  };
}

it('gives a schema with a readOnly property a twin for requests and leaves its responses as they are', () => {
  const Seat = { required: ['id', 'row'], properties: { id, row: { type: 'string' } } };
  expect(wire(ref('Seat'), { Seat })).toEqual({
    body: ref('SeatInput'),
    answer: ref('Seat'),
    schemas: { Seat, SeatInput: { required: ['row'], properties: { id: false, row: { type: 'string' } } } },
  });
});

it('gives twins to what refers to such a schema, also in a circle, and to nothing else', () => {
  const schemas = {
    Row: { items: ref('Seat'), contains: ref('Price') },
    Price: { type: 'number' },
    Seat: { properties: { id, row: ref('Row') } },
  };
  expect(wire(ref('Row'), schemas)['schemas']).toEqual({
    ...schemas,
    RowInput: { items: ref('SeatInput'), contains: ref('Price') },
    SeatInput: { properties: { id: false, row: ref('RowInput') } },
  });
});

it('gives a free name to the twin of a part of a component', () => {
  const schemas = { Row: { properties: { seat: { properties: { id } } } }, seatInput: true };
  const part = { $ref: '#/components/schemas/Row/properties/seat' };
  expect(wire(part, schemas)).toMatchObject({
    body: ref('seatInput_'),
    schemas: { seatInput_: { properties: { id: false } } },
  });
});

it('leaves conditions alone, which demand nothing', () => {
  const Seat = { if: { properties: { id } }, not: { properties: { id } } };
  expect(wire(ref('Seat'), { Seat })).toEqual({ body: ref('Seat'), answer: ref('Seat'), schemas: { Seat } });
});

it('takes a chain of twenty thousand references', () => {
  const links = Array.from({ length: 20_000 }, (_, index) => [`S${index}`, { items: ref(`S${index + 1}`) }]);
  const { body, schemas } = wire(ref('S0'), { ...Object.fromEntries(links), S20000: { properties: { id } } });
  expect(body).toEqual(ref('S0Input'));
  expect(schemas).toMatchObject({ S20000Input: { properties: { id: false } } });
});
