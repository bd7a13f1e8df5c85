import type { Loc } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { cursorOf } from '../../../test/avro/parsed.ts';
import { explainCode } from '../../codes/registry.ts';
import { type NamedSchemas, namedSchemasOf } from './names.ts';
import { parseAvroRecord } from './payloads.ts';

/** Findings as `code @text message`: the text at the place, cut after ten characters. */
function findings(text: string, named: Readonly<Record<string, string>> = {}): readonly string[] {
  return parseAvroRecord(cursorOf(text), filesOf(named)).diagnostics.map(
    ({ code, severity, loc, message }) =>
      `${severity === 'error' ? code : `${severity} ${code}`} @${at(text, named, loc)} ${message}`,
  );
}

/** Files that define types, by their names without extension. */
function filesOf(texts: Readonly<Record<string, string>>): NamedSchemas {
  return namedSchemasOf(Object.entries(texts).map(([name, text]) => cursorOf(text, `avro/${name}.avsc`)));
}

function at(text: string, named: Readonly<Record<string, string>>, { file, line, column }: Loc): string {
  const source = named[file.slice('avro/'.length, -'.avsc'.length)] ?? text;
  return (source.split('\n')[line - 1] ?? '').slice(column - 1, column + 9);
}

/** A record of one field, on three lines: the field's own text is line 2, from column 1. */
const field = (text: string): string => `{"type":"record","name":"n.R","fields":[\n${text}\n]}`;
const typed = (type: string): string => field(`{"name":"a","type":${type}}`);

/** Records that each contain the next one twice, with defaults at all levels, so a default makes 2^levels values. */
function doubling(levels: number, innermost = ''): string {
  let type = `{"type":"record","name":"L0","fields":[${innermost}]}`;
  for (let level = 1; level <= levels; level++) {
    const fields = `{"name":"a","type":${type},"default":{}},{"name":"b","type":"n.L${level - 1}","default":{}}`;
    type = `{"type":"record","name":"L${level}","fields":[${fields}]}`;
  }
  return type;
}

describe('the Avro parser', () => {
  it.each<[string, string, string]>([
    ['an unknown type', typed('"integer"'), 'ATL4001 @"integer"} unknown type "integer"'],
    ['a complex type as a bare name', typed('"array"'), 'ATL4001 @"array"} "array" needs more than its name'],
    ['an array without items', typed('{"type":"array"}'), 'ATL4002 @"array"}} the array has no "items"'],
    ['a map without values', typed('{"type":"map"}'), 'ATL4002 @"map"}} the map has no "values"'],
    [
      'an enum without symbols',
      typed('{"type":"enum","name":"E","symbols":[]}'),
      'ATL4002 @[]}} the enum has no symbols',
    ],
    ['a fixed without a size', typed('{"type":"fixed","name":"F"}'), 'ATL4002 @"type":{"t the size of a fixed must'],
    [
      'a fixed with a negative size',
      typed('{"type":"fixed","name":"F","size":-1}'),
      'ATL4002 @-1}} the size of a fixed must',
    ],
    [
      'a record without fields',
      typed('{"type":"record","name":"S"}'),
      'ATL4002 @"type":{"t the record has no list of fields',
    ],
    ['a schema that is a number', typed('3'), 'ATL4002 @3} a schema must be a name'],
    ['an object without a type', typed('{"items":"int"}'), 'ATL4002 @{"items":" the schema has no type'],
    ['a type in a type', typed('{"type":{"type":"int"}}'), 'ATL4002 @{"type":"i the type of a schema must be a name'],
    ['a field without a type', field('{"name":"a"}'), 'ATL4002 @{"name":"a field a has no type'],
    ['an unknown order', field('{"name":"a","type":"int","order":"up"}'), 'ATL4002 @"up"} "up" is not an order'],
    [
      'pii that is not a boolean',
      field('{"name":"a","type":"int","pii":"yes"}'),
      'warning ATL4015 @"yes"} pii is "yes"',
    ],
    [
      'a field with a dash',
      field('{"name":"a-b","type":"int"}'),
      'ATL4003 @"a-b","typ "a-b" is not a valid field name',
    ],
    [
      'a field named after the prototype',
      field('{"name":"__proto__","type":"int"}'),
      'ATL4003 @"__proto__ "__proto__" is not a valid',
    ],
    [
      'a symbol that is a number',
      typed('{"type":"enum","name":"E","symbols":["1"]}'),
      'ATL4003 @"1"]}} "1" is not a valid symbol',
    ],
    [
      'a type named like a primitive',
      typed('{"type":"fixed","name":"string","size":1,"namespace":""}'),
      'ATL4003 @"string"," "string" is not a valid type name',
    ],
    [
      'a namespace with an empty part',
      typed('{"type":"fixed","name":"F","size":1,"namespace":"a..b"}'),
      'ATL4003 @"a..b"}} "a..b" is not a valid namespace',
    ],
    [
      'an alias that is not a name',
      field('{"name":"a","type":"int","aliases":["x y"]}'),
      'ATL4003 @"x y"]} "x y" is not a valid alias',
    ],
    [
      'a type defined twice',
      field(
        '{"name":"a","type":{"type":"fixed","name":"F","size":1}},{"name":"b","type":{"type":"fixed","name":"F","size":1}}',
      ),
      'ATL4004 @"F","size" n.F is defined twice',
    ],
    [
      'two fields of one name',
      field('{"name":"a","type":"int"},{"name":"a","type":"int"}'),
      'ATL4005 @"a","type" two fields are called a',
    ],
    [
      'an alias that another field has as well',
      field('{"name":"a","type":"int","aliases":["c"]},{"name":"b","type":"int","aliases":["c"]}'),
      'ATL4005 @"b","type" two fields have the alias c',
    ],
    [
      'two symbols of one name',
      typed('{"type":"enum","name":"E","symbols":["A","A"]}'),
      'ATL4005 @"A"]}} symbol A is listed twice',
    ],
    ['an empty union', typed('[]'), 'ATL4006 @[]} the union has no branches'],
    ['a union in a union', typed('["null",["int"]]'), 'ATL4006 @["int"]]} a union directly inside a union'],
    [
      'two branches of one type',
      typed('["int","null",{"type":"int","logicalType":"date"}]'),
      'ATL4006 @{"type":"i two branches of type int',
    ],
    [
      'a default of another type',
      field('{"name":"a","type":"int","default":"1"}'),
      'ATL4007 @"1"} the default of a is "1", not a 32-bit integer',
    ],
    [
      'a default beyond 32 bits',
      field('{"name":"a","type":"int","default":2147483648}'),
      'ATL4007 @2147483648 the default of a is 2147483648',
    ],
    [
      'a default that is not a UUID',
      field('{"name":"a","type":{"type":"string","logicalType":"uuid"},"default":""}'),
      'ATL4007 @""} the default of a is "", not a UUID',
    ],
    [
      'a default that fits no branch',
      field('{"name":"a","type":["null","int"],"default":"x"}'),
      'ATL4007 @"x"} the default of a is "x", which fits no branch',
    ],
    [
      'a default with bytes beyond a byte',
      field('{"name":"a","type":"bytes","default":"\u0100"}'),
      'ATL4007 @"Ā"} the default of a is',
    ],
    [
      'a default list with a wrong item',
      field('{"name":"a","type":{"type":"array","items":"int"},"default":[1,null]}'),
      'ATL4007 @[1,null]} the default of a is null',
    ],
    [
      'a default record that lacks a field',
      field('{"name":"a","type":{"type":"record","name":"S","fields":[{"name":"b","type":"int"}]},"default":{}}'),
      'ATL4007 @{}} the default of a does not fit: "b" is missing',
    ],
    [
      'a default that is not a symbol',
      typed('{"type":"enum","name":"E","symbols":["A"],"default":"B"}'),
      'ATL4007 @"B"}} the default of the enum is "B"',
    ],
    [
      'a default that never ends',
      field('{"name":"a","type":["n.R","null"],"default":{}}'),
      'ATL4007 @{}} the default of a is',
    ],
    [
      'a default that makes too many values',
      field(`{"name":"a","type":${doubling(15, '{"name":"n","type":"int","default":0}')},"default":{}}`),
      'ATL4007 @{}} the default of a makes more than 65536 values',
    ],
    [
      'a default of a later branch',
      field('{"name":"a","type":["string","null"],"default":null}'),
      'warning ATL4008 @null} the default of a does not fit the first branch',
    ],
    [
      'a decimal without precision',
      typed('{"type":"bytes","logicalType":"decimal"}'),
      'ATL4009 @"type":{"t the decimal has no precision',
    ],
    [
      'a decimal whose scale is too great',
      typed('{"type":"bytes","logicalType":"decimal","precision":2,"scale":4}'),
      'ATL4009 @4}} scale 4 is greater than precision 2',
    ],
    [
      'a decimal too long for its bytes',
      typed('{"type":"fixed","name":"F","size":2,"logicalType":"decimal","precision":5}'),
      'ATL4009 @5}} 2 bytes are enough for at most 4 digits, not 5',
    ],
    [
      'a logical type on another base',
      typed('{"type":"string","logicalType":"date"}'),
      'ATL4010 @"date"}} logicalType date does not apply to string',
    ],
    [
      'a uuid of 15 bytes',
      typed('{"type":"fixed","name":"F","size":15,"logicalType":"uuid"}'),
      'ATL4010 @15,"logica a uuid has 16 bytes, not 15',
    ],
    [
      'a logical type beside the type',
      field('{"name":"a","type":"long","logicalType":"timestamp-millis"}'),
      'ATL4010 @"logicalTy logicalType is written beside the type',
    ],
    [
      'a misspelt logical type',
      typed('{"type":"long","logicalType":"timestamp-milis"}'),
      'warning ATL4011 @"timestamp unknown logicalType',
    ],
    ['a record that contains itself', typed('"n.R"'), 'ATL4012 @"n.R","fie record n.R contains itself without an end'],
    [
      'two records that contain each other',
      typed('{"type":"record","name":"S","fields":[{"name":"r","type":["n.R"]}]}'),
      'ATL4012 @"n.R","fie record n.R contains itself without an end',
    ],
    [
      'a record of many records that take no bytes',
      typed(doubling(14)),
      'ATL4014 @"L12","fie record n.L12 has more than 4096 values that take no bytes',
    ],
    [
      'a payload that is not a record',
      '{"type":"array","items":"int"}',
      'ATL4013 @{"type":"a the payload of a message must be a record',
    ],
    ['a payload that is only a name', '"string"', 'ATL4013 @"string" the payload of a message must be a record'],
    [
      'types nested too deep',
      typed(`${'{"type":"array","items":'.repeat(60)}"int"${'}'.repeat(60)}`),
      'ATL4014 @{"type":"a types are nested more than 48',
    ],
    [
      'more than 5000 symbols',
      typed(`{"type":"enum","name":"E","symbols":${JSON.stringify(Array.from({ length: 5001 }, (_, i) => `S${i}`))}}`),
      'ATL4014 @"symbols": the schema has more than 5000',
    ],
  ])('refuses %s', (_, text, expected) => {
    const [first, ...others] = findings(text);
    expect(first?.slice(0, expected.length)).toBe(expected);
    expect(others.filter((other) => !other.includes('n.S contains itself'))).toEqual([]);
    expect(explainCode(/ATL\d{4}/.exec(expected)?.[0] ?? '')).toBeDefined();
  });

  it('reports every finding at once', () => {
    expect(
      findings(field('{"name":"a","type":"nope"},{"name":"b-","type":"int"},{"name":"c","type":"int","default":null}'))
        .length,
    ).toBe(2);
  });

  it('suggests what was probably meant', () => {
    const { diagnostics } = parseAvroRecord(cursorOf(typed('"sting"')));
    expect(diagnostics[0]?.fix).toBe('did you mean "string"?');
    const other = parseAvroRecord(
      cursorOf(typed('"Seat"')),
      filesOf({ seat: '{"type":"fixed","name":"m.Seat","size":1}' }),
    );
    expect(other.diagnostics[0]?.fix).toBe('write "m.Seat"');
  });

  it('finds names in other files, and reports findings in those at their own places', () => {
    const seat = '{"type":"record","name":"Seat","namespace":"m","fields":[{"name":"row","type":"sting"}]}';
    expect(findings(typed('"m.Seat"'), { 'm.Seat': seat })).toEqual(['ATL4001 @"sting"}]} unknown type "sting"']);
  });

  it('refuses a type that another file also defines', () => {
    const other = '{"type":"fixed","name":"n.F","size":1}';
    expect(findings(typed('{"type":"fixed","name":"F","size":2}'), { 'n.F': other })).toEqual([
      'ATL4004 @"F","size" n.F is defined twice',
    ]);
  });

  it.each([
    ['inside another type', '"m.Row"', '{"type":"record","name":"m.Seat","fields":[{"name":"row","type":ROW}]}'],
    [
      'in the namespace around it',
      '"m.Row"',
      '{"type":"record","name":"m.Seat","fields":[{"name":"row","type":SHORT}]}',
    ],
    ['in a list of a union', '"m.Row"', '["null",{"type":"array","items":ROW}]'],
  ])('finds a name that another file defines %s', (_, type, file) => {
    const row = '{"type":"enum","name":"m.Row","symbols":["A"]}';
    const seat = file.replace('ROW', row).replace('SHORT', row.replace('m.Row', 'Row'));
    expect(findings(typed(type), { seat })).toEqual([]);
  });

  it('treats equal definitions of one name in several files as one', () => {
    const row = '{"type":"enum","name":"m.Row","symbols":["A"]}';
    const seat = (inside: string): string =>
      `{"type":"record","name":"m.Seat","fields":[{"name":"row","type":${inside}}]}`;
    const both = field(
      `{"name":"a","type":"m.Seat"},{"name":"b","type":${row.replace('"symbols"', '"doc":"A row.","symbols"')}}`,
    );
    expect(findings(both, { seat: seat('"m.Row"'), row })).toEqual([]);
    expect(findings(both, { seat: seat(row), row })).toEqual([]);
    expect(findings(typed(seat(row)), { seat: seat('"Row"'), row })).toEqual([]);
  });

  it('refuses a name that two files define in different ways, if it is used', () => {
    const seat = (symbol: string): string =>
      `{"type":"record","name":"m.Seat${symbol}","fields":[{"name":"row","type":{"type":"enum","name":"m.Row","symbols":["${symbol}"]}}]}`;
    const files = { stalls: seat('A'), circle: seat('B') };
    expect(findings(typed('"m.Row"'), files)).toEqual([
      'ATL4004 @"m.Row"} m.Row means one thing in avro/stalls.avsc and another in avro/circle.avsc',
    ]);
    expect(findings(typed('"m.SeatA"'), files)).toEqual([]);
  });

  it('accepts recursion through a list, a map or a union with null', () => {
    for (const type of ['["null","n.R"]', '{"type":"array","items":"n.R"}', '{"type":"map","values":"n.R"}'])
      expect(findings(typed(type))).toEqual([]);
  });

  it('refuses a value that contains itself, or becomes too large, through references', () => {
    const schema = (extra: object): string => JSON.stringify({ type: 'record', name: 'n.R', fields: [], ...extra });
    const messages = (text: string): readonly string[] =>
      parseAvroRecord(cursorOf(text, 'a.json')).diagnostics.map(({ code, message }) => `${code} ${message}`);
    const twice = (ref: string): object => ({ a: { $ref: ref }, b: { $ref: ref } });
    expect(messages(schema({ x: twice('#/x') }))).toEqual([
      'ATL4014 the value contains itself, or is nested more than 100 levels deep',
    ]);
    const levels = Array.from({ length: 40 }, (_, level) => [`x${level}`, twice(`#/x${level + 1}`)]);
    expect(messages(schema({ ...Object.fromEntries(levels), x40: 'end' }))).toEqual([
      'ATL4014 the schema has more than 100000 values',
    ]);
  });

  it('ignores unknown attributes and logical types', () => {
    expect(findings(typed('{"type":"int","logicalType":"temperature","connect.name":"x"}'))).toEqual([]);
  });
});

describe('the canonical text of a schema', () => {
  const text = (schema: string, named: Readonly<Record<string, string>> = {}): string | undefined =>
    parseAvroRecord(cursorOf(schema), filesOf(named)).schemaText;

  it('is one self-contained line: names full, each type written out where it first occurs', () => {
    const seat = '{"namespace":"m","type":"record","name":"Seat","fields":[{"name":"row","type":"string"}]}';
    const schema = field(
      '{"name":"a","type":"m.Seat"},{"name":"b","type":{"items":"m.Seat","type":"array"}},{"name":"c","type":["null","R"]}',
    );
    expect(text(schema, { 'm.Seat': seat })).toBe(
      '{"type":"record","name":"n.R","fields":[' +
        '{"name":"a","type":{"type":"record","name":"m.Seat","fields":[{"name":"row","type":"string"}]}},' +
        '{"name":"b","type":{"type":"array","items":"m.Seat"}},{"name":"c","type":["null","n.R"]}]}',
    );
  });

  it('does not depend on the order of keys, on spaces or on how a name is written', () => {
    const one =
      '{"type":"record","name":"R","namespace":"n","doc":"d","aliases":["Old"],"fields":[{"name":"a","default":1,"type":{"type":"int"},"x":1,"doc":"e"}]}';
    const two =
      '{ "fields": [ { "doc": "e", "x": 1, "type": "int", "name": "a", "default": 1 } ], "aliases": ["n.Old"], "doc": "d", "name": "n.R", "type": "record" }';
    expect(text(one)).toBe(text(two));
    expect(text(one)).toBe(
      '{"type":"record","name":"n.R","aliases":["n.Old"],"doc":"d","fields":[{"name":"a","doc":"e","type":"int","default":1,"x":1}]}',
    );
  });

  it('keeps the null namespace of a type inside another namespace', () => {
    const schema = typed('{"type":"fixed","name":"F","namespace":"","size":1}');
    expect(text(schema)).toContain('{"type":"fixed","name":"F","namespace":"","size":1}');
  });

  it('is complete if two files need each other', () => {
    const files = {
      'm.A': '{"type":"record","name":"m.A","fields":[{"name":"b","type":["null","m.B"]}]}',
      'm.B': '{"type":"record","name":"m.B","fields":[{"name":"a","type":["null","m.A"]}]}',
    };
    expect(text(files['m.A'], { 'm.B': files['m.B'] })).toBe(
      '{"type":"record","name":"m.A","fields":[{"name":"b","type":["null",{"type":"record","name":"m.B","fields":[{"name":"a","type":["null","m.A"]}]}]}]}',
    );
  });
});
