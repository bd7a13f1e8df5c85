import { describe, expect, it } from 'vitest';
import type { JsonValue } from '@atlas/ir';
import { recordOf } from '../../../test/avro/parsed.ts';
import { compareAvroFiles } from './avroFile.ts';
import { compareAvro, type AvroSide } from './compareAvro.ts';

function sideOf(schema: JsonValue): AvroSide {
  const { record } = recordOf(schema);
  return { type: record, loc: record.loc, show: (loc) => loc };
}

/** A record that holds two of the next one, and so on: its smallest data doubles with each level. */
function doubling(levels: number, type: string): JsonValue {
  let schema: JsonValue = { type: 'record', name: `n.R${levels}`, fields: [{ name: 'v', type }] };
  for (let level = levels - 1; level >= 0; level--)
    schema = {
      type: 'record',
      name: `n.R${level}`,
      fields: [
        { name: 'l', type: schema },
        { name: 'r', type: `n.R${level + 1}` },
      ],
    };
  return schema;
}

function wide(fields: number, type: string): JsonValue {
  return {
    type: 'record',
    name: 'n.R',
    fields: Array.from({ length: fields }, (_, index) => ({ name: `f${index}`, type })),
  };
}

describe('two versions of an Avro schema', () => {
  it('break without data if the smallest data is too large to show', () => {
    const found = compareAvroFiles(sideOf(doubling(24, 'int')), sideOf(doubling(24, 'string')), ['backward'], []);
    expect(found).toMatchObject([{ severity: 'error', change: 'avro-type-changed', unproven: [{ kind: 'budget' }] }]);
    expect(found[0]?.witness).toBeUndefined();
  });

  it('have at most a hundred breaks, and the last one says how many more there are', () => {
    const found = compareAvro(sideOf(wide(2_000, 'int')), sideOf(wide(2_000, 'string')), ['backward']);
    expect(found).toHaveLength(100);
    expect(found.at(-1)?.message).toMatch(/; and 1900 more places break$/);
    expect(found.every(({ witness }) => witness !== undefined)).toBe(true);
  });

  it('have one finding for a type that is used in many places', () => {
    const money = (type: string): JsonValue => ({
      type: 'record',
      name: 'n.R',
      fields: [
        { name: 'net', type: { type: 'record', name: 'n.Money', fields: [{ name: 'amount', type }] } },
        { name: 'gross', type: 'n.Money' },
        { name: 'fees', type: { type: 'array', items: 'n.Money' } },
      ],
    });
    expect(compareAvro(sideOf(money('long')), sideOf(money('int')), ['backward'])).toMatchObject([
      { path: 'n.R.net.amount', field: 'n.Money.amount' },
    ]);
  });

  it('have one finding for an edit that breaks in both directions', () => {
    const found = compareAvro(sideOf(wide(1, 'int')), sideOf(wide(1, 'string')), ['backward', 'forward']);
    expect(found).toMatchObject([{ readings: ['backward', 'forward'], witness: { acceptedBy: 'old' } }]);
  });
});
