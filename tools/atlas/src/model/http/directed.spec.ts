import type { JsonObject, JsonValue } from '@atlas/ir';
import { expect, it } from 'vitest';
import { apiOf } from '../../../test/harness/compiledModule.ts';

const id = { type: 'string', readOnly: true };
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** The schemas of the body and the response of an operation that has the given schema in both, and all components. */
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

it('requests have a twin of a schema with a readOnly property; responses have the schema', () => {
  const Seat = { required: ['id', 'row'], properties: { id, row: { type: 'string' } } };
  expect(wire(ref('Seat'), { Seat })).toEqual({
    body: ref('SeatInput'),
    answer: ref('Seat'),
    schemas: { Seat, SeatInput: { required: ['row'], properties: { id: false, row: { type: 'string' } } } },
  });
});

it('the body of a signed webhook is the schema, because its sender owns it', () => {
  const Seat = { properties: { id, row: { type: 'string', writeOnly: true } } };
  const security = [{ scheme: 'desk', roles: [], webhook: true as const }];
  const [operation] = apiOf(ref('Seat'), { Seat }, [], security).operations;
  expect(operation?.body?.schema).toEqual(ref('SeatOutput'));
});

it('schemas that refer to a schema with a twin have twins, also in a circle; others have none', () => {
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

it('the twin of a part of a component has a free name', () => {
  const schemas = { Row: { properties: { seat: { properties: { id } } } }, seatInput: true };
  const part = { $ref: '#/components/schemas/Row/properties/seat' };
  expect(wire(part, schemas)).toMatchObject({
    body: ref('seatInput_'),
    schemas: { seatInput_: { properties: { id: false } } },
  });
});

it('requests do not require a readOnly property that another part of the same object has', () => {
  const schemas = {
    Base: { properties: { id } },
    Seat: { allOf: [ref('Base'), { allOf: [{ required: ['id', 'row'] }] }], required: ['id', 'price'] },
  };
  expect(wire(ref('Seat'), schemas)['schemas']).toEqual({
    ...schemas,
    BaseInput: { properties: { id: false } },
    SeatInput: { allOf: [ref('BaseInput'), { allOf: [{ required: ['row'] }] }], required: ['price'] },
  });
});

it('a part that requires a readOnly property of another part has a copy that does not, once for all ways to it', () => {
  const layers = 40;
  const schemas = Object.fromEntries(
    Array.from({ length: layers }, (_, index): [string, JsonObject] => [
      `L${index}`,
      index + 1 === layers ? { required: ['id', 'row'] } : { allOf: [ref(`L${index + 1}`), ref(`L${index + 1}`)] },
    ]),
  );
  const Seat = { properties: { id }, allOf: [ref('L0')] };
  const { body, answer, schemas: made } = wire(ref('Seat'), { Seat, ...schemas });
  expect([body, answer]).toEqual([ref('SeatInput'), ref('Seat')]);
  expect(made).toMatchObject({
    Seat,
    SeatInput: { properties: { id: false }, allOf: [ref('L0InputPart')] },
    L0InputPart: { allOf: [ref('L1InputPart'), ref('L1InputPart')] },
    [`L${layers - 1}InputPart`]: { required: ['row'] },
  });
  expect(Object.keys(made ?? {})).toHaveLength(2 * layers + 2);
});

it('properties in conditions stay as they are', () => {
  const Seat = { if: { properties: { id } }, not: { properties: { id } } };
  expect(wire(ref('Seat'), { Seat })).toEqual({ body: ref('Seat'), answer: ref('Seat'), schemas: { Seat } });
});

it('a chain of twenty thousand references has twins', () => {
  const links = Array.from({ length: 20_000 }, (_, index) => [`S${index}`, { items: ref(`S${index + 1}`) }]);
  const { body, schemas } = wire(ref('S0'), { ...Object.fromEntries(links), S20000: { properties: { id } } });
  expect(body).toEqual(ref('S0Input'));
  expect(schemas).toMatchObject({ S20000Input: { properties: { id: false } } });
});
