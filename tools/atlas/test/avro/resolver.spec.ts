import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { exactInteger, type JsonObject } from '@atlas/ir';
import { avscType } from './avscType.ts';
import { codecFolder } from './codecModule.ts';
import { evolve, hasRivals } from './evolve.ts';
import { recordOf } from './parsed.ts';
import { RandomSchema } from './randomSchema.ts';
import { Samples } from './samples.ts';

const folder = codecFolder();
afterAll(() => folder[Symbol.dispose]());

const runs = { numRuns: Number(process.env['RUNS'] ?? 200) };

function attempt<Result>(run: () => Result): { readonly result: Result } | { readonly code: unknown } {
  try {
    return { result: run() };
  } catch (error) {
    return { code: error instanceof Error && 'code' in error ? error.code : error };
  }
}

describe('a resolver', { timeout: 60_000 + runs.numRuns * 100 }, () => {
  it('reads older data as avsc does, and refuses what avsc refuses', async () => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const schema = new RandomSchema(gen).record(4);
        const next = evolve(schema, gen);
        fc.pre(!hasRivals(schema) && !hasRivals(next));
        const writer = avscType(recordOf(schema).schemaText);
        const codec = await folder.load(next);
        const reader = avscType(codec.schema);
        const theirs = attempt(() => reader.createResolver(writer));
        const ours = attempt(() => codec.resolver(recordOf(schema).schemaText));
        if ('code' in theirs) return;
        const samples = new Samples(gen, recordOf(schema).record);
        for (let count = 0; count < 5; count++) {
          const bytes = writer.toBuffer(samples.next().theirs);
          const expected = attempt(() => reader.toBuffer(reader.fromBuffer(bytes, theirs.result)).toString('hex'));
          const found = attempt(() => {
            if (!('result' in ours)) throw new Error('does not resolve', { cause: ours.code });
            return Buffer.from(codec.encode(ours.result(bytes))).toString('hex');
          });
          expect(found).toEqual('code' in expected ? { code: 'ATLAS_AVRO_DECODE' } : expected);
          read++;
        }
      }),
      runs,
    );
    expect(read).toBeGreaterThan(runs.numRuns);
  });

  it('throws only ATLAS_AVRO_DECODE for bytes that were cut or changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const schema = new RandomSchema(gen).record(4);
        const codec = await folder.load(evolve(schema, gen));
        const resolver = attempt(() => codec.resolver(recordOf(schema).schemaText));
        expect('code' in resolver ? resolver.code : 'ATLAS_AVRO_DECODE').toBe('ATLAS_AVRO_DECODE');
        if ('code' in resolver) return;
        const bytes = avscType(recordOf(schema).schemaText).toBuffer(
          new Samples(gen, recordOf(schema).record).next().theirs,
        );
        for (let count = 0; count < 20 && bytes.length > 0; count++) {
          const changed = Buffer.from(
            bytes.subarray(0, bytes.length - gen(fc.nat, { max: Math.min(3, bytes.length - 1) })),
          );
          changed[gen(fc.nat, { max: changed.length - 1 })] = gen(fc.nat, { max: 255 });
          const found = attempt(() => resolver.result(changed));
          expect('code' in found ? found.code : 'ATLAS_AVRO_DECODE').toBe('ATLAS_AVRO_DECODE');
        }
      }),
      runs,
    );
  });

  const sample = (fields: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
    type: 'record',
    name: 'n.Seat',
    fields,
    ...more,
  });
  const text = (schema: JsonObject): string => recordOf(schema).schemaText;

  it('finds a record by its alias, and by its name in another namespace', async () => {
    const old = await folder.load({ ...sample([{ name: 'row', type: 'string' }]), name: 'old.Place' });
    const now = await folder.load(sample([{ name: 'row', type: 'string' }], { aliases: ['old.Place'] }));
    expect(now.resolver(old.schema)(old.encode({ row: 'A' }))).toEqual({ row: 'A' });
    const moved = await folder.load({ ...sample([{ name: 'row', type: 'string' }]), name: 'm.Seat' });
    expect(now.resolver(moved.schema)(moved.encode({ row: 'B' }))).toEqual({ row: 'B' });
    expect(attempt(() => moved.resolver(old.schema))).toEqual({ code: 'ATLAS_AVRO_DECODE' });
  });

  it('widens a long, rounding as IEEE 754 does', async () => {
    const old = await folder.load(sample([{ name: 'at', type: 'long' }]));
    const double = await folder.load(sample([{ name: 'at', type: 'double' }]));
    const float = await folder.load(sample([{ name: 'at', type: 'float' }]));
    for (const at of [0n, -1n, -4503599627370497n, 2n ** 53n + 1n, -(2n ** 63n)]) {
      expect(double.resolver(old.schema)(old.encode({ at }))).toEqual({ at: Number(at) });
      expect(float.resolver(old.schema)(old.encode({ at }))).toEqual({ at: Math.fround(Number(at)) });
    }
  });

  it('creates a new default for each value', async () => {
    const old = await folder.load(sample([]));
    const now = await folder.load(sample([{ name: 'tags', type: { type: 'array', items: 'string' }, default: ['a'] }]));
    const read = now.resolver(old.schema);
    const [one, two] = [read(old.encode({})), read(old.encode({}))];
    expect(one).toEqual({ tags: ['a'] });
    expect(one).not.toBe(two);
  });

  it('fills in defaults with all 64 bits, doubles as the nearest value, and nothing of the writer', async () => {
    const big = exactInteger('-9223372036854775807');
    const until = { name: 'until', type: 'long', default: exactInteger('9223372036854775807') };
    const old = await folder.load(sample([until]));
    const now = await folder.load(
      sample([
        { name: 'until', type: ['null', 'long'], default: null },
        { name: 'since', type: 'long', default: big },
        {
          name: 'ticks',
          type: { type: 'array', items: ['int', 'long'] },
          default: [1, exactInteger('9007199254740993')],
        },
        { name: 'near', type: 'double', default: exactInteger('9007199254740993') },
        { name: 'far', type: 'double', default: exactInteger('123456789012345678901234567890') },
      ]),
    );
    const added = {
      since: -9223372036854775807n,
      ticks: [1, 9007199254740993n],
      near: 9007199254740992,
      far: 1.2345678901234568e29,
    };
    expect(now.resolver(old.schema)(old.encode({ until: 5n }))).toEqual({ until: 5n, ...added });
    expect(now.resolver(text(sample([])))(new Uint8Array())).toEqual({ until: null, ...added });
    expect(old.resolver(text(sample([])))(new Uint8Array())).toEqual({ until: 9223372036854775807n });
  });

  it('uses the first branch that fits a default, and the branch of the exact type of a value', async () => {
    const old = await folder.load(sample([{ name: 'number', type: 'int' }]));
    const now = await folder.load(
      sample([
        { name: 'number', type: ['double', 'int', 'null'] },
        { name: 'note', type: ['null', 'string'], default: 'none' },
      ]),
    );
    expect(now.resolver(old.schema)(old.encode({ number: 7 }))).toEqual({
      number: { type: 'int', value: 7 },
      note: 'none',
    });
  });

  it.each([
    [
      'milliseconds read as microseconds',
      { type: 'long', logicalType: 'timestamp-millis' },
      { type: 'long', logicalType: 'timestamp-micros' },
    ],
    [
      'a decimal of another scale',
      { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 },
      { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 1 },
    ],
    ['a text as a number', 'string', 'int'],
    ['a fixed of another size', { type: 'fixed', name: 'n.F', size: 2 }, { type: 'fixed', name: 'n.F', size: 3 }],
  ])('refuses %s', async (_, from, to) => {
    const now = await folder.load(sample([{ name: 'at', type: to }]));
    expect(attempt(() => now.resolver(text(sample([{ name: 'at', type: from }]))))).toEqual({
      code: 'ATLAS_AVRO_DECODE',
    });
  });

  it('names a field that was not written and has no default', async () => {
    const now = await folder.load(sample([{ name: 'row', type: 'string' }]));
    expect(() => now.resolver(text(sample([])))).toThrow('n.Seat.row');
  });

  it('refuses texts that are not a schema', async () => {
    const now = await folder.load(sample([]));
    for (const writer of [
      '',
      '{',
      '"nope"',
      '{"type":"record","name":"Seat"}',
      '[]',
      '3',
      `${'['.repeat(500)}${']'.repeat(500)}`,
    ])
      expect(
        attempt(() => now.resolver(writer)),
        writer,
      ).toEqual({ code: 'ATLAS_AVRO_DECODE' });
  });

  it('reads data whose schema names types of other schemas', async () => {
    const person =
      '{"type":"record","name":"n.Person","fields":[{"name":"of","type":{"type":"enum","name":"Of","symbols":["A"]}}]}';
    const written =
      '{"type":"record","name":"n.Seat","fields":[{"name":"of","type":"Of"},{"name":"who","type":"n.Person"}]}';
    const type = { type: 'enum', name: 'n.Of', symbols: ['A'] };
    const now = await folder.load(sample([{ name: 'of', type }]));
    expect(now.resolver(written, [person])(Buffer.from([0, 0]))).toEqual({ of: 'A' });
    expect(attempt(() => now.resolver(written))).toEqual({ code: 'ATLAS_AVRO_DECODE' });
  });
});

describe('the work of a resolver', () => {
  const record = (name: string, fields: readonly JsonObject[]): JsonObject => ({ type: 'record', name, fields });

  it('does not count items twice if fields have another order', async () => {
    const nulls = { name: 'nulls', type: { type: 'array', items: 'null' } };
    const old = await folder.load(record('n.R', [{ name: 'a', type: 'int' }, nulls]));
    const now = await folder.load(record('n.R', [nulls, { name: 'a', type: 'int' }]));
    const many = { a: 7, nulls: Array.from({ length: 40_000 }, () => null) };
    expect(now.resolver(old.schema)(old.encode(many))).toEqual(many);
  });

  it('distinguishes nested records with another order of fields', async () => {
    const inner = (first: string, second: string): JsonObject =>
      record(
        'n.R',
        [first, second].map((name) => (name === 'a' ? { name, type: 'int' } : { name, type: ['null', 'n.R'] })),
      );
    const old = await folder.load(inner('a', 'next'));
    const now = await folder.load(inner('next', 'a'));
    let chain: JsonObject | null = null;
    for (let a = 0; a < 120; a++) chain = { a, next: chain };
    expect(now.resolver(old.schema)(old.encode(chain))).toEqual(chain);
  });

  it('does not grow with records that take no bytes and double with each level', async () => {
    let type: JsonObject = record('n.L0', []);
    for (let level = 1; level <= 40; level++)
      type = record(`n.L${level}`, [
        { name: 'a', type },
        { name: 'b', type: `n.L${level - 1}` },
      ]);
    const written = JSON.stringify(
      record('n.R', [
        { name: 'left', type },
        { name: 'a', type: 'int' },
      ]),
    );
    const now = await folder.load(record('n.R', [{ name: 'a', type: 'int' }]));
    expect(now.resolver(written)(Buffer.from([14]))).toEqual({ a: 7 });
  });

  it('ends if a few bytes mean many records of no bytes', async () => {
    let type: JsonObject = record('n.L0', []);
    for (let level = 1; level <= 11; level++)
      type = record(`n.L${level}`, [
        { name: 'a', type },
        { name: 'b', type: `n.L${level - 1}` },
      ]);
    const list = { name: 'list', type: { type: 'array', items: record('n.I', [{ name: 'of', type }]) } };
    const old = await folder.load(record('n.R', [list, { name: 'x', type: 'int' }]));
    const now = await folder.load(record('n.R', [list, { name: 'x', type: 'long' }]));
    const body = (items: number): Uint8Array => Buffer.from([items * 2, 0, 2]);
    expect(now.resolver(old.schema)(body(1))).toMatchObject({ list: { length: 1 }, x: 1n });
    for (const { schema } of [now, old]) {
      const found = attempt(() => now.resolver(schema)(body(60)));
      expect('code' in found ? found.code : 'read').toBe('ATLAS_AVRO_DECODE');
    }
  });

  it('ends if the defaults of many records would take many times the bytes of the body', async () => {
    const list = (fields: readonly JsonObject[]): JsonObject =>
      record('n.R', [{ name: 'list', type: { type: 'array', items: record('n.I', fields) } }]);
    const old = await folder.load(list([]));
    const now = await folder.load(list([{ name: 'text', type: 'string', default: 'x'.repeat(1024) }]));
    const read = now.resolver(old.schema);
    const body = (length: number): Uint8Array => old.encode({ list: Array.from({ length }, () => ({})) });
    expect(read(body(1000))).toMatchObject({ list: { length: 1000 } });
    expect(attempt(() => read(body(16_000)))).toEqual({ code: 'ATLAS_AVRO_DECODE' });
  });

  it('ends for the default of a record that contains itself', async () => {
    const field = (name: string): JsonObject => ({
      name,
      type: ['n.Node', { type: 'map', values: 'string' }],
      default: {},
    });
    const now = await folder.load(
      record('n.R', [{ name: 'node', type: record('n.Node', [field('labels'), field('extras')]), default: {} }]),
    );
    const old = await folder.load(record('n.R', []));
    expect(now.resolver(old.schema)(new Uint8Array())).toMatchObject({ node: { labels: { value: {} } } });
  });
});
