import { Composer, Parser } from 'yaml';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { tooMany } from './countYaml.ts';
import { comparedLimits, limits } from './limits.ts';
import { parseJson } from './parseJson.ts';
import { parseYaml } from './parseYaml.ts';

const codes = ({ problems }: { problems: readonly { code: string; offset: number }[] }): string[] =>
  problems.map(({ code, offset }) => `${code}@${offset}`);

const offsetOfTooMany = (text: string, values: number, depth: number): number | undefined =>
  tooMany(text, { values, fillers: 100, textLines: 100 }, depth)?.offset;

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the YAML parser', () => {
  it('gives plain JSON values', () => {
    expect(parseYaml('a: 1\nb: [x, "200", ~, true, 1.5e3]\n200: ok\n').root?.value).toEqual({
      200: 'ok',
      a: 1,
      b: ['x', '200', null, true, 1500],
    });
  });

  it('gives the offsets of keys and values', () => {
    const { root } = parseYaml('a:\n  b: text\n');
    const a = root?.kind === 'map' ? root.members.get('a') : undefined;
    const b = a?.node.kind === 'map' ? a.node.members.get('b') : undefined;
    expect([a?.keyStart, b?.keyStart, b?.node.start]).toEqual([0, 5, 8]);
  });

  it('reads dates, octals and yes as YAML 1.2 does: as text and numbers', () => {
    expect(parseYaml('a: 2027-06-30\nb: yes\nc: 010\nd: 0x1f').root?.value).toEqual({
      a: '2027-06-30',
      b: 'yes',
      c: 10,
      d: 31,
    });
  });

  it('repeats the value of an anchor at its aliases', () => {
    expect(parseYaml('a: &x { b: 1 }\nc: *x').root?.value).toEqual({ a: { b: 1 }, c: { b: 1 } });
  });

  it.each([
    ['a: 1\na: 2', 'ATL1104@5'],
    ['"a": 1\na: 2', 'ATL1104@7'],
    ['a:\n\tb: 1', 'ATL1105@3'],
    ['a: "x', 'ATL1103@3'],
    ['a: [1', 'ATL1103@5'],
    ['a: *nowhere', 'ATL1103@3'],
    ['a: &a [*a]', 'ATL1106@7'],
    ['? [x]\n: 1', 'ATL1103@0'],
    ['__proto__: 1', 'ATL1108@0'],
    ['a: 9007199254740992', 'ATL1109@3'],
    ['a: -9007199254740993', 'ATL1109@3'],
    ['a: .inf', 'ATL1109@3'],
    ['a: .nan', 'ATL1109@3'],
    ['a: 1e999', 'ATL1109@3'],
    ['a: !!binary aGk=', 'ATL1103@12'],
    ['a: 1\n---\nb: 2', 'ATL1103@5'],
  ])('refuses %j', (text, code) => {
    expect(codes(parseYaml(text))).toContain(code);
  });

  it('refuses deep nesting in every notation', () => {
    const nests = [
      '['.repeat(100_000),
      '{a: '.repeat(100_000),
      '- '.repeat(100_000),
      Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      Array.from({ length: 300 }, (_, index) => `a${index}: &a${index} [${index > 0 ? `*a${index - 1}` : ''}]`).join(
        '\n',
      ),
    ];
    for (const text of nests) expect(parseYaml(text).problems.map(({ code }) => code)).toEqual(['ATL1107']);
  });

  it.each([
    [
      'JSON',
      (text: string, depth?: number) => parseJson(text, { depth }),
      `${'{"a":'.repeat(499)}[1]${'}'.repeat(499)}`,
    ],
    ['YAML in flow style', parseYaml, `${'{a: '.repeat(499)}[1]${'}'.repeat(499)}`],
    ['YAML', parseYaml, Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('reads %s up to the depth of documents that are only compared, and no deeper', (_, parse, text) => {
    const { depth } = comparedLimits;
    expect(codes(parse(text, depth))).toEqual([]);
    expect(codes(parse(text, depth - 1))).toEqual([expect.stringContaining('ATL1107')]);
    expect(codes(parse(text))).toEqual([expect.stringContaining('ATL1107')]);
  });

  it('counts the values that aliases repeat', () => {
    const lines = Array.from(
      { length: 9 },
      (_, i) =>
        `a${i}: &a${i} [${Array(10)
          .fill(i ? `*a${i - 1}` : 'x')
          .join(', ')}]`,
    );
    expect(parseYaml(lines.join('\n')).problems.map(({ code }) => code)).toEqual(['ATL1106']);
  });
});

describe('a YAML text with too many values', () => {
  it('is refused before it is parsed', () => {
    const read = vi.spyOn(Parser.prototype, 'next');
    // the shortest text, because this test should be quick
    expect(codes(parseYaml(`[${','.repeat(limits.values + 1)}`))).toEqual([`ATL1106@${limits.values}`]);
    expect(read).not.toHaveBeenCalled();
  });

  it.each([
    ['items', '', '- \n'],
    ['members', '', 'a: 1\n'],
    ['items in flow style', '[', '1,'],
    ['lists in flow style', '[', '[1],'],
    ['members in flow style', '{', 'a: 1,'],
    ['documents', '', '---\n'],
    ['commas', '[', ','],
  ])('is found by counting %s', (_, start, part) => {
    expect(offsetOfTooMany(start + part.repeat(1001), 1000, 100)).toBeLessThanOrEqual(1 + part.length * 1000);
    expect(offsetOfTooMany(start + part.repeat(498), 1000, 100)).toBeUndefined();
  });

  it.each([
    'a',
    'a: 1\nb: [x, "20,0", ~, true, 1.5e3,]\n200: ok # a: b, [c]\n',
    '- 1\n-\n- - 2\n  - {a: 1, b, "c": [], d: {}, }\n- - - 3\n',
    '? a\n: 1\n? b\n: - 2\n',
    'a:\n- 1\n- b: |\n    - x\n    - y\n  c: >-\n    {a, b}\n',
    "a: 'it''s: [1, 2]'\nb: &x !!str text, and more\n",
    '[[[[1]]], {a: {b: {c: 1}}}, [[], []], {}]',
    '--- # comment\na: x, y\nb: -1\n...\n',
    '[\n  # comment\n  a,\n  b\n  # comment\n]\n',
    '{a: {}, b: [], c: , d}',
  ])('is never one with fewer values: %j', (text) => {
    const { root, problems } = parseYaml(text);
    expect(problems).toEqual([]);
    const weight = root?.weight ?? 0;
    const padded = text + ' '.repeat(100);
    expect(offsetOfTooMany(padded, weight, 100)).toBeUndefined();
    expect(offsetOfTooMany(padded, weight - 1, 100)).toEqual(expect.any(Number));
  });

  it.each([
    ['comments', 'a: 1\n', '#\n', '#\n'],
    ['comments in a list', 'a: [1,\n', '#\n', ']\n'],
    ['indented comments', 'a:\n', ' # b\n', ' b: 2\n'],
    ['blank lines', 'a: 1\n', '\n', 'b: 2\n'],
    ['blank lines at the start', '', '\n', 'b: 2\n'],
    ['blank lines of Windows', 'a: 1\n', '\r\n', 'b: 2\n'],
    ['blank lines with spaces', 'a: 1\n', ' \t\n', 'b: 2\n'],
    ['anchors', 'a: ', '&a ', '1\n'],
    ['tags', 'a: ', '!!str ', '1\n'],
    ['question marks', '', '?\n', ''],
    ['directives', '', '%a\n', ''],
    ['ends', 'a: 1\n', '...\n', ''],
    ['keys without a colon', 'a: 1\n', 'b\n', 'c: 1\n'],
    ['texts without a comma', 'a: [', '""', ']\n'],
    ['lists without a comma', 'a: ', '[]', '\n'],
    ['brackets that close nothing', 'a: [1]', ']', '\n'],
  ])('may be one with too many %s', (_, start, part, end) => {
    const most = { values: 9000, fillers: 1000, textLines: 9000 };
    expect(tooMany(start + part.repeat(1010) + end, most, 100)).toMatchObject({ of: 'fillers' });
    expect(tooMany(start + part.repeat(990) + end, most, 100)).toBeUndefined();
  });

  it('says what it has too many of', () => {
    const { problems } = parseYaml(`a: 1\n${'\n'.repeat(limits.fillers + 1)}`);
    expect(problems).toMatchObject([{ code: 'ATL1106', message: expect.stringContaining('blank lines') }]);
  });

  it.each([
    ['blank lines of a block', 'a: |\n b\n', '\n', ' c\n'],
    ['lines of a block that look like comments', 'a: |\n', ' # b\n', ''],
    ['lines of a folded text', 'a: >\n', ' b\n', ''],
    ['lines of a text without quotes', 'a: b\n', ' b\n', ''],
    ['lines of a text in quotes', 'a: "', 'b\n ', '"'],
    ['lines of many texts', '', '- |\n  b\n  c\n', '', 2],
  ])('may have many, but not too many %s', (_, start, part, end, lines = 1) => {
    const most = { values: 9000, fillers: 10, textLines: 1000 };
    expect(tooMany(start + part.repeat(1010 / lines) + end, most, 100)).toMatchObject({ of: 'textLines' });
    expect(tooMany(start + part.repeat(990 / lines) + end, most, 100)).toBeUndefined();
  });

  it('may have many errors, of which few are looked at', () => {
    const composed = vi.spyOn(Composer.prototype, 'next');
    expect(codes(parseYaml(`a: 1\n${']\n'.repeat(10_000)}`))).toEqual(['ATL1103@5']);
    expect(codes(parseYaml(`${'%a\n'.repeat(10_000)}---\na: 1\n`))).toContain('ATL1103@0');
    expect(codes(parseYaml('--- 1\n'.repeat(10_000)))).toEqual(['ATL1103@6']);
    const types = composed.mock.calls.map(([{ type }]) => type);
    expect(types.filter((type) => type === 'error' || type === 'directive').length).toBeLessThan(500);
    expect(types.filter((type) => type === 'document').length).toBeLessThan(10);
  });
});

describe('the JSON parser', () => {
  it('gives plain values and the offsets of keys', () => {
    const { root, problems } = parseJson('{ "a": [1, "\\u00e9\\n", null], "b": -1.5e2 }');
    expect(root?.value).toEqual({ a: [1, 'é\n', null], b: -150 });
    expect(problems).toEqual([]);
    expect(root?.kind === 'map' ? root.members.get('b')?.keyStart : undefined).toBe(30);
  });

  it.each([
    ['', 'ATL1103@0'],
    ['{', 'ATL1103@1'],
    ['{"a":1,}', 'ATL1103@7'],
    ['[1 2]', 'ATL1103@3'],
    ["{'a':1}", 'ATL1103@1'],
    ['"a\nb"', 'ATL1103@0'],
    ['"a\tb"', 'ATL1103@2'],
    ['"a\\', 'ATL1103@2'],
    ['"\\x"', 'ATL1103@1'],
    ['[01]', 'ATL1103@2'],
    ['[NaN]', 'ATL1103@1'],
    ['{} x', 'ATL1103@3'],
    ['{"a":1,"a":2}', 'ATL1104@7'],
    ['{"__proto__":1}', 'ATL1108@1'],
    ['[9007199254740993]', 'ATL1109@1'],
    ['[1e999]', 'ATL1109@1'],
    ['['.repeat(100_000), 'ATL1107@101'],
  ])('refuses %.20j', (text, code) => {
    expect(codes(parseJson(text))).toEqual([code]);
  });

  it('keeps the digits of big integers if it is exact', () => {
    const text = '[9223372036854775807,-9223372036854775808,18446744073709551616,1]';
    expect(JSON.stringify(parseJson(text, { exact: true }).root?.value)).toBe(text);
    expect(codes(parseJson(`[${'9'.repeat(400)}]`, { exact: true }))).toEqual(['ATL1109@1']);
  });

  it('reads a string of several megabytes', () => {
    const long = 'x'.repeat(9_000_000);
    expect(parseJson(`["${long}", "\\n${long}"]`).root?.value).toEqual([long, `\n${long}`]);
  });
});
