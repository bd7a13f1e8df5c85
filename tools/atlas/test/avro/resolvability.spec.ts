import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { resolvability } from '../../src/read/avro/resolvability.ts';
import { codecFolder } from './codecModule.ts';
import { avscType } from './avscType.ts';
import { evolve } from './evolve.ts';
import { recordOf } from './parsed.ts';
import { RandomSchema } from './randomSchema.ts';
import { Samples } from './samples.ts';

const folder = codecFolder();
afterAll(() => folder[Symbol.dispose]());

const runs = { numRuns: Number(process.env['RUNS'] ?? 200) };

describe('what the toolkit says about two schemas', { timeout: 60_000 + runs.numRuns * 100 }, () => {
  it('agrees with the readers of the runtime', async () => {
    const agreed = { readable: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const older = new RandomSchema(gen).record(4);
        const newer = evolve(older, gen);
        const [written, read] = gen(fc.boolean) ? [older, newer] : [newer, older];
        const { schemaText, record } = recordOf(written);
        const found = resolvability(record, recordOf(read).record);
        if (found.length > 0) {
          agreed.refused++;
          return;
        }
        // nothing was found, so no data may be refused
        const decode = (await folder.load(read)).resolver(schemaText);
        const samples = new Samples(gen, record);
        for (let count = 0; count < 5; count++) decode(avscType(schemaText).toBuffer(samples.next().theirs));
        agreed.readable++;
      }),
      runs,
    );
    expect(agreed.readable).toBeGreaterThan(runs.numRuns / 20);
    expect(agreed.refused).toBeGreaterThan(runs.numRuns / 20);
  });

  it('names the field, and its place in both schemas', () => {
    const type = { type: 'record', name: 'n.S', fields: [{ name: 'row', type: 'string' }] };
    const list = (items: string | object) =>
      recordOf({
        type: 'record',
        name: 'n.R',
        fields: [{ name: 'seats', type: { type: 'array', items: JSON.parse(JSON.stringify(items)) } }],
      }).record;
    const found = resolvability(list({ ...type, fields: [] }), list(type));
    expect(found).toMatchObject([{ path: 'n.R.seats[].row', why: 'is not written, and has no default' }]);
    expect(resolvability(list(type), list({ ...type, fields: [] }))).toEqual([]);
  });

  it.each([
    [
      'a symbol that is new',
      { type: 'enum', name: 'n.E', symbols: ['A', 'B'] },
      { type: 'enum', name: 'n.E', symbols: ['A'] },
    ],
    ['a branch that is new', ['null', 'string', 'int'], ['null', 'string']],
    [
      'a decimal of another scale',
      { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 4 },
      { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 },
    ],
    [
      'a decimal of more digits',
      { type: 'bytes', logicalType: 'decimal', precision: 9 },
      { type: 'bytes', logicalType: 'decimal', precision: 6 },
    ],
    [
      'another unit of time',
      { type: 'long', logicalType: 'timestamp-micros' },
      { type: 'long', logicalType: 'timestamp-millis' },
    ],
    ['a narrower number', 'long', 'int'],
  ])('finds %s', (_, writer, reader) => {
    const record = (type: unknown) =>
      recordOf({ type: 'record', name: 'n.R', fields: [{ name: 'a', type: JSON.parse(JSON.stringify(type)) }] }).record;
    expect(resolvability(record(writer), record(reader))).toMatchObject([{ path: 'n.R.a' }]);
    expect(resolvability(record(reader), record(reader))).toEqual([]);
  });
});
