import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXTENSION } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { parseKey } from './key.ts';
import { durationMs } from './retry.ts';

describe('x-atlas-key', () => {
  it('may be a field', () => {
    expect(parseKey('$message.payload#/a/b~1c')).toEqual({ parts: [{ kind: 'field', path: ['a', 'b/c'] }] });
  });

  it('may be a template of fields and text', () => {
    expect(parseKey('x-{$message.payload#/a}:{$message.payload#/b}')).toEqual({
      parts: [
        { kind: 'text', text: 'x-' },
        { kind: 'field', path: ['a'] },
        { kind: 'text', text: ':' },
        { kind: 'field', path: ['b'] },
      ],
    });
  });

  it.each([
    '',
    'a',
    '$message.payload#',
    '$message.payload#/',
    '$message.header#/a',
    '{a}',
    'x{$message.payload#/a',
    '}{$message.payload#/a}',
    '{$message.payload#/a}}',
  ])('may not be %j', (text) => expect(parseKey(text)).toBeUndefined());
});

it.each([
  ['200ms', 200],
  ['30s', 30_000],
  ['5m', 300_000],
  ['24h', 86_400_000],
  ['25h', undefined],
  ['0s', undefined],
  ['1.5s', undefined],
  ['-1s', undefined],
  ['5', undefined],
  ['', undefined],
  [undefined, undefined],
])('the duration %j is %j milliseconds', (text, ms) => expect(durationMs(text)).toBe(ms));

describe('an x-atlas key', () => {
  const repository = fileURLToPath(new URL('../../../../../', import.meta.url));
  const files = globSync('{tools/{atlas,ir}/src,templates}/**/*.ts', { cwd: repository })
    .filter((file) => !file.endsWith('.spec.ts'))
    .toSorted();
  const spelling = (pattern: RegExp): readonly string[] =>
    files.filter((file) => pattern.test(readFileSync(`${repository}${file}`, 'utf8')));

  it('is spelled in one file only', () => {
    expect(spelling(/'x-atlas-[a-z-]*'/)).toEqual(['tools/ir/src/extensions.ts']);
  });

  it.each(Object.keys(EXTENSION))('is read by the stage read only: %s', (name) => {
    const readers = spelling(
      new RegExp(String.raw`\b(?:get|at)\((?:'info', )?EXTENSION\.${name}\)|views\(EXTENSION\.${name}`),
    );
    expect(readers.filter((file) => !file.startsWith('tools/atlas/src/read/'))).toEqual([]);
    expect(readers.length).toBeGreaterThan(0);
  });
});
