import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { grouped } from './group.ts';

function findings(messages: readonly string[]): readonly Diagnostic[] {
  return messages.map((message, index) => ({
    code: 'ATL2021',
    severity: 'error',
    message,
    loc: { file: 'api.yaml', line: index + 1, column: 1, pointer: '' },
  }));
}

describe('findings of one kind', () => {
  it.each([
    ['paths and numbers', (i: number) => `response ${200 + i} of GET /v1/things/${i} is text/csv without JSON`],
    ['methods', (i: number) => `${['GET', 'POST', 'PUT'][i % 3]} /v1/things does not declare 400, ${500 + i} and 503`],
    ['quoted names', (i: number) => `path "/a/{${i}}" has the name {n-${i}}, which is not an identifier`],
    [
      'names of types',
      (i: number) => `the key of ${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i % 26]}Seen has no effect: records have no key`,
    ],
    ['names with other signs', (i: number) => `the handler answers x-${i}, that is, a_${'xyz'[i % 3]} and b.${i}`],
  ])('differ only in %s: three are shown with the number of the others', (_, messageOf) => {
    const shown = grouped(findings(Array.from({ length: 30 }, (_item, index) => messageOf(index))));
    expect(shown.map(({ more }) => more)).toEqual([0, 0, 27]);
  });

  it('are all shown if there are five', () => {
    expect(grouped(findings(['GET /a', 'GET /b', 'POST /c', 'PUT /d', 'GET /e']))).toHaveLength(5);
  });

  it('do not hide findings that say something else', () => {
    const same = Array.from({ length: 10 }, (_item, index) => `parameter "p${index}" is declared twice`);
    const shown = grouped(findings([...same, 'parameter "q" is not used']));
    expect(shown.map(({ diagnostic }) => diagnostic.message)).toEqual([
      ...same.slice(0, 3),
      'parameter "q" is not used',
    ]);
  });
});
