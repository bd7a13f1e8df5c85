import { describe, expect, it } from 'vitest';
import { registerBench, type RegisterBench } from '../../test/support/registered.ts';

const CASE = 'clean-two-services';
const made = 'avro/bookings/BookingMade.avsc';
const subjectOf = ({ namespace }: RegisterBench): string =>
  `${namespace}acme.bookings.booking.v1-acme.bookings.BookingMade`;
const FIELD = '"fields": [{ "name": "desk", "type": "string" },';

describe('register', () => {
  it('refuses a schema that cannot read older events, and registers no other schema', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    await bench.edit(made, '"fields": [', '"fields": [{ "name": "desk", "type": "string" },');
    await bench.edit('asyncapi/seats.yaml', 'acme.seats.seat.v1', 'acme.seats.seat.v2');
    expect(await bench.codes()).toEqual([
      'ATL8003 acme.bookings.BookingMade.desk is not written, and has no default: the new schema cannot read events of version 1 of acme.bookings.booking.v1-acme.bookings.BookingMade',
    ]);
    expect(await bench.topics()).not.toContain('acme.seats.seat.v2');
    await bench.edit(made, '"type": "string" },', '"type": "string", "default": "" },');
    const { result, lines } = await bench.register();
    expect(result?.diagnostics).toEqual([]);
    expect(lines).toContainEqual(expect.stringContaining('schema acme.bookings.BookingMade registered'));
    expect(await bench.topics()).toContain('acme.seats.seat.v2');
  });

  it('compares with every version and not only with the last', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    await bench.edit(made, '"fields": [', '"fields": [{ "name": "desk", "type": "string", "default": "" },');
    await bench.register();
    // Version 2 has the field without a default. Version 1 does not have the field.
    await bench.edit(made, '"type": "string", "default": "" },', '"type": "string" },');
    expect(await bench.codes()).toEqual([expect.stringContaining('cannot read events of version 1 of')]);
  });

  it('checks a subject with compatibility NONE too, and restores its level if it refuses the schema', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    const subject = `${bench.namespace}acme.bookings.booking.v1-acme.bookings.BookingMade`;
    await bench.registry(`/config/${subject}`, 'PUT', { compatibility: 'NONE' });
    await bench.edit(made, '"fields": [', '"fields": [{ "name": "desk", "type": "string" },');
    expect(await bench.codes()).toEqual([expect.stringContaining('ATL8003')]);
    expect(await bench.registry(`/config/${subject}`)).toMatchObject({ compatibilityLevel: 'NONE' });
    await bench.edit(made, '"type": "string" },', '"type": "string", "default": "" },');
    expect((await bench.register()).lines).toContainEqual(`subject ${subject} set to BACKWARD_TRANSITIVE, was NONE`);
  });

  it('refuses a schema that running readers cannot read, names the field, its line and the readers, and changes nothing', async () => {
    await using bench = await registerBench(CASE);
    await bench.edit(made, '"fields": [', FIELD);
    await bench.register();
    await bench.edit(made, FIELD, '"fields": [');
    for (const dryRun of [true, false]) {
      const { result } = await bench.register(dryRun);
      expect(result?.diagnostics).toMatchObject([
        {
          code: 'ATL8006',
          message: `acme.bookings.BookingMade.desk is not written, and has no default: readers with version 1 of ${subjectOf(bench)} cannot read new events (onBookingMade of seats)`,
          loc: { file: made, line: 1 },
        },
      ]);
    }
    expect(await bench.registry(`/subjects/${subjectOf(bench)}/versions`)).toEqual([1]);
    // the safe path: first a default, then deploy the readers, then remove the field
    await bench.edit(made, '"fields": [', FIELD.replace(' },', ', "default": "" },'));
    expect((await bench.register()).lines).toEqual([
      expect.stringMatching(/, readers and writers may be deployed in any order, id \d+$/),
    ]);
    await bench.edit(made, FIELD.replace(' },', ', "default": "" },'), '"fields": [');
    const setLevel = (compatibility: string) => bench.registry(`/config/${subjectOf(bench)}`, 'PUT', { compatibility });
    await setLevel('FULL_TRANSITIVE');
    expect(await bench.codes()).toEqual([expect.stringMatching(/^ATL8006 .* readers with version 1 of/)]);
    await setLevel('BACKWARD_TRANSITIVE');
    expect((await bench.register()).lines).toEqual([
      expect.stringMatching(/, readers with version 1 must be replaced before writers are deployed, id \d+$/),
    ]);
  });

  it('names the line of the field in a file of several lines', async () => {
    await using bench = await registerBench(CASE);
    const written = (held: string, clerk: string): string => `"fields": [
      {
        "name": "held",
        "type": "${held}"
      },
      {
        "name": "by",
        "type": {
          "type": "record",
          "name": "By",
          "fields": [
            ${clerk}
          ]
        }
      },`;
    const places = async (from: string, to: string): Promise<readonly string[]> => {
      await bench.edit(made, from, to);
      const found = (await bench.register()).result?.diagnostics ?? [];
      return found.map(({ code, message, loc }) => `${code} ${message.split(' ')[0]} ${loc?.file}:${loc?.line}`);
    };
    const first = written('int', '{ "name": "clerk", "type": "int" }');
    expect(await places('"fields": [', first)).toEqual([]);
    // lines of the names: 3 of `held`, 10 of the record By, 12 of its field
    const changed = written('string', '{ "name": "clerk", "type": "long" }');
    expect(await places(first, changed)).toEqual([
      `ATL8003 acme.bookings.BookingMade.held ${made}:3`,
      `ATL8006 acme.bookings.BookingMade.held ${made}:3`,
      `ATL8006 acme.bookings.BookingMade.by.clerk ${made}:12`,
    ]);
    expect(await places(changed, written('int', '{ "name": "desk", "type": "int" }'))).toEqual([
      `ATL8003 acme.bookings.BookingMade.by.desk ${made}:12`,
      `ATL8006 acme.bookings.BookingMade.by.clerk ${made}:10`,
    ]);
  });

  it.each([
    [
      'a decimal of another scale',
      '{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}',
      '"scale":2',
      '"scale":4',
      ['ATL8003', 'ATL8006'],
      'keep it, and add a field with a default beside it',
    ],
    [
      'another unit of time',
      '{"type":"long","logicalType":"timestamp-millis"}',
      'millis',
      'micros',
      ['ATL8003', 'ATL8006'],
      'keep it, and add a field with a default beside it',
    ],
    [
      'a new symbol',
      '{"type":"enum","name":"Kind","symbols":["A"]}',
      '["A"]',
      '["A","B"]',
      ['ATL8006'],
      'first give it a default and deploy the readers',
    ],
  ])('refuses %s, and says what to do', async (_, type, from, to, expected, way) => {
    await using bench = await registerBench(CASE);
    await bench.edit(made, '"fields": [', `"fields": [{ "name": "extra", "type": ${type} },`);
    await bench.register();
    await bench.edit(made, from, to);
    const found = (await bench.register()).result?.diagnostics ?? [];
    expect(found.map(({ code }) => code)).toEqual(expected);
    expect(found.every(({ fix }) => fix?.startsWith(way))).toBe(true);
  });

  const ENUM = { type: 'enum', name: 'Kind', symbols: ['A'] };
  const extra = (field: object): string => `"fields": [${JSON.stringify({ name: 'extra', ...field })},`;
  it.each([
    ['a field with a default is added', ['"fields": [', extra({ type: 'int', default: 1 })], 'any order'],
    ['a field with a default is removed', [extra({ type: 'int', default: 1 }), '"fields": ['], 'any order'],
    [
      'a symbol is added to an enum with a default',
      [extra({ type: { ...ENUM, default: 'A' } }), extra({ type: { ...ENUM, symbols: ['A', 'B'], default: 'A' } })],
      'any order',
    ],
    [
      'an enum gets a default and then a symbol',
      [
        extra({ type: ENUM }),
        extra({ type: { ...ENUM, default: 'A' } }),
        extra({ type: { ...ENUM, symbols: ['A', 'B'], default: 'A' } }),
      ],
      'readers with version 1 must be replaced',
    ],
    [
      'the field of another scale is added beside the first',
      [
        extra({ type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } }),
        `${extra({ type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } })}${extra({
          name: 'finer',
          type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 4 },
          default: '\\u0000',
        }).slice('"fields": ['.length)}`,
      ],
      'any order',
    ],
    ['a type is widened', [extra({ type: 'int' }), extra({ type: 'long' })], 'ATL8006'],
    [
      'a field is renamed with an alias',
      [extra({ type: 'int' }), extra({ name: 'more', type: 'int', aliases: ['extra'] })],
      'ATL8006',
    ],
  ] as const)('gives the messages of the how-to if %s', async (_, versions, expected) => {
    await using bench = await registerBench(CASE);
    let before = '"fields": [';
    let said: readonly string[] = [];
    for (const version of versions) {
      await bench.edit(made, before, version);
      before = version;
      const { lines, result } = await bench.register();
      said = [...lines, ...(result?.diagnostics ?? []).map(({ code }) => code)];
    }
    expect(said).toEqual([expect.stringContaining(expected)]);
    expect((await bench.register(true)).lines).toEqual([]);
  });

  it.each([
    ['FULL', undefined],
    ['FULL_TRANSITIVE', undefined],
    ['FORWARD', 'FULL'],
  ])('does not weaken a subject with level %s', async (level, raised) => {
    await using bench = await registerBench(CASE);
    await bench.register();
    await bench.registry(`/config/${subjectOf(bench)}`, 'PUT', { compatibility: level });
    await bench.register();
    expect(await bench.registry(`/config/${subjectOf(bench)}`)).toMatchObject({ compatibilityLevel: raised ?? level });
  });

  it('registers a schema in which only a default changed, because readers fill in their own', async () => {
    await using bench = await registerBench(CASE);
    const fields = (until: bigint, kind: string): string =>
      `"fields": [{ "name": "until", "type": "long", "default": ${until} }, { "name": "kind", "type": {
        "type": "enum", "name": "Kind", "symbols": ["A", "B"], "default": "${kind}" }, "default": "A" },`;
    const greatest = 2n ** 63n - 1n;
    let before = '"fields": [';
    for (const next of [fields(greatest - 1n, 'A'), fields(greatest, 'A'), fields(greatest, 'B')]) {
      await bench.edit(made, before, next);
      before = next;
      expect((await bench.register()).lines).toContainEqual(
        expect.stringContaining('schema acme.bookings.BookingMade registered'),
      );
    }
    expect(await bench.registry(`/subjects/${subjectOf(bench)}/versions`)).toEqual([1, 2, 3]);
    const { schema } = Object(await bench.registry(`/subjects/${subjectOf(bench)}/versions/3`));
    expect(schema).toContain(`"default":${greatest}`);
    expect((await bench.register()).lines).toEqual([]);
  });

  it('warns that readers of a record ignore it under a new name, and what else they could not read', async () => {
    await using bench = await registerBench(CASE);
    await bench.edit(made, '"fields": [', FIELD);
    await bench.register();
    await bench.edit(made, FIELD, '"fields": [');
    await bench.edit(made, '"BookingMade"', '"BookingTaken"');
    for (const dryRun of [true, false]) {
      const { result, lines } = await bench.register(dryRun);
      expect(result?.diagnostics).toMatchObject([
        {
          code: 'ATL8007',
          severity: 'warning',
          message:
            'acme.bookings.BookingTaken is new on topic acme.bookings.booking.v1, where acme.bookings.BookingMade is registered and no longer sent: readers of acme.bookings.BookingMade ignore it',
          loc: { file: made, line: 1 },
          related: [{ message: 'acme.bookings.BookingTaken.desk is not written, and has no default' }],
        },
      ]);
      expect(lines).toContainEqual(expect.stringContaining('schema acme.bookings.BookingTaken'));
    }
    expect((await bench.register()).result?.diagnostics).toEqual([]);
  });

  it('warns if Atlas cannot read a registered version', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    const { schema } = Object(await bench.registry(`/subjects/${subjectOf(bench)}/versions/1`));
    const odd = String(schema).replace(
      '"fields":[',
      '"fields":[{"name":"big","type":["null",{"type":"fixed","name":"Big","size":2000000}],"default":null},',
    );
    await bench.registry(`/subjects/${subjectOf(bench)}/versions`, 'POST', { schema: odd });
    await bench.edit(made, '"fields": [', FIELD.replace(' },', ', "default": "" },'));
    expect((await bench.register()).result?.diagnostics).toMatchObject([
      { code: 'ATL8008', severity: 'warning', message: expect.stringContaining('cannot read version 2 of') },
    ]);
  });

  it('finds the same in a dry run as in a real run', async () => {
    await using bench = await registerBench(CASE);
    await bench.register();
    await bench.edit(made, '"fields": [', FIELD);
    for (const level of ['NONE', 'BACKWARD', 'FORWARD', 'FULL']) {
      await bench.registry(`/config/${subjectOf(bench)}`, 'PUT', { compatibility: level });
      const found = [await bench.register(true), await bench.register()].map(({ result }) => result?.diagnostics);
      expect(found[0]).toMatchObject([{ code: 'ATL8003' }]);
      expect(found[1]).toEqual(found[0]);
    }
  });
});
