import { describe, expect, it } from 'vitest';
import { csvLine, type Cell } from './csv.ts';

describe('a line of CSV (RFC 4180)', () => {
  it.each<[string, readonly Cell[], string]>([
    ['separates cells with commas', ['a', 'b', 1, true], 'a,b,1,true'],
    ['leaves a missing value empty', ['a', undefined, null, ''], 'a,,,'],
    ['quotes a comma', ['a,b'], '"a,b"'],
    ['quotes and doubles a quote', ['a "b"'], '"a ""b"""'],
    ['quotes a line end', ['a\r\nb'], '"a\r\nb"'],
    ['keeps a text in any script', ['Прывітанне, 世界'], '"Прывітанне, 世界"'],
    ['leaves a number of ours as it is', [{ numeral: '-0.05' }, -3], '-0.05,-3'],
  ])('%s', (_what, cells, line) => {
    expect(csvLine(cells)).toBe(`${line}\r\n`);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '－1', '=HYPERLINK("http://x","y")'])(
    'keeps a spreadsheet from running the text %j',
    (text) => {
      expect(csvLine([text])).toMatch(/^"?'/);
    },
  );

  it.each([' =1', '  \t@A1', '\u00a0=1', '\u3000＝1', '\ufeff=1', '\u200b=1', '\0=1', '\v=1', '\u2060-1'])(
    'keeps a spreadsheet that drops what cannot be seen from running the text %j',
    (text) => {
      expect(csvLine([text])).toMatch(/^"?'/);
    },
  );

  it.each([' a', 'a=1', '\u00a0', 'x - 1'])('leaves the text %j as it is', (text) => {
    expect(csvLine([text])).toBe(`${text}\r\n`);
  });
});
