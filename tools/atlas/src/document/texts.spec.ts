import { expect, it } from 'vitest';
import { Texts } from './texts.ts';

it.each([
  '',
  'type',
  'café',
  '→ wide and long enough to be cut by reference',
  'half of a pair: \ud83d',
  '😀',
  'nul \u0000',
])('a text of its own equals %j, the first time and later', (text) => {
  const texts = new Texts();
  expect([texts.own(text), texts.own(text)]).toEqual([text, text]);
});
