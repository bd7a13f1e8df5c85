import { expect, test } from 'vitest';
import { rootCursor } from './cursor.ts';
import { parseDocument } from './document.ts';

function rootOf(text: string): ReturnType<typeof rootCursor> {
  return rootCursor(new Map([['a.yaml', parseDocument('a.yaml', text).document]]), 'a.yaml');
}

test('a value has one identity, however it is reached', () => {
  const root = rootOf("seat: { row: 1 }\nother: { $ref: '#/seat' }\n");
  expect(root?.get('other')?.identity).toBe(root?.get('seat')?.identity);
  expect(root?.get('seat')?.identity).not.toBe(root?.at('seat', 'row')?.identity);
});

test('a value that a YAML alias repeats has one identity per place', () => {
  const root = rootOf('seat: &seat { row: 1 }\nother: *seat\n');
  expect(root?.get('other')?.value).toBe(root?.get('seat')?.value);
  expect(root?.get('other')?.identity).not.toBe(root?.get('seat')?.identity);
});
