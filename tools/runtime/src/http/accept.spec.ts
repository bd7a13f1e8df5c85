import { describe, expect, it } from 'vitest';
import { chooserOf } from './accept.ts';
import { Refusal } from './problem.ts';

const choose = chooserOf({
  id: 'report',
  responses: { 200: { kind: 'json', mediaType: 'application/json', texts: ['text/csv', 'text/html'] } },
});

/** The chosen media type, or the code of the problem. */
function chosen(accept: string | undefined): string | undefined {
  try {
    return choose?.(accept);
  } catch (error) {
    return error instanceof Refusal ? error.problem.code : String(error);
  }
}

const [json, csv, html] = ['application/json', 'text/csv', 'text/html'];
const CHROME =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7';

describe('the media type that a client gets', () => {
  it.each([
    [undefined, json],
    ['*/*', json],
    ['application/*', json],
    ['text/csv', csv],
    ['TEXT/CSV', csv],
    [CHROME, html],
    // equal weights: JSON, then the first in the spec
    ['text/csv, application/json', json],
    ['text/html, text/csv', csv],
    ['text/*', csv],
    // weights
    ['application/json;q=0.5, text/html;q=0.501', html],
    ['application/json ; q=0.5 , text/csv ; Q=1.000', csv],
    ['text/html;q=0, */*', json],
    ['*/*;q=0.1, application/json;q=0', csv],
    // the most specific range decides, wherever it is in the header
    ['*/*, application/json;q=0.1, text/*;q=0.2', csv],
    ['text/*;q=0, text/html;q=0.1', html],
    ['text/csv;header=present;q=0.1, text/csv;q=1, text/html;q=0.5', html],
    // parameters that the answer has, in any case and with quotes, and unknown parameters
    ['text/csv;charset=UTF-8', csv],
    ['text/csv;charset="utf-8";header="present"', csv],
    ['application/json;odata=verbose', json],
    ['text/html;level="a,b;q=0\\"";q=0.5, application/json;q=0.4', html],
    // empty elements (section 5.6.1)
    [',, text/csv ,,', csv],
    ['text/csv;', csv],
  ])('by %j is %s', (accept, expected) => {
    expect(chosen(accept)).toBe(expected);
  });

  it.each([
    ['application/xml'],
    ['text/plain, image/*'],
    ['*/*;q=0'],
    ['application/json;q=0, text/*;q=0.000'],
    ['text/csv;charset=latin1'],
    ['text/csv;header=absent'],
    ['application/problem+json'],
  ])('does not exist for %j', (accept) => {
    expect(chosen(accept)).toBe('not-acceptable');
  });

  it.each([
    [''],
    [' , ,'],
    // the default of an old Java client
    ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2'],
    ['*'],
    ['*/csv'],
    ['text/csv text/html'],
    ['text/'],
    ['text/csv;q=2'],
    ['text/csv;q=1.001'],
    ['text/csv;q=0.1234'],
    ['text/csv;q=-1'],
    ['text/csv;q="1"'],
    ['text/csv;q='],
    ['text/csv;q'],
    ['text/csv;charset="utf-8'],
    ['text/csv\u00e9'],
    ['text/csv, \u0000'],
    ['__proto__/constructor, {}'],
    [`text/csv,${'a/b,'.repeat(500)}`],
    [`text/csv${',a/b'.repeat(50)}`],
    [`text/csv;a="${'\\'.repeat(1_900)}`],
    [`text/csv${' '.repeat(1_900)}!`],
  ])('is JSON for the malformed or too long header %j', (accept) => {
    expect(chosen(accept)).toBe(json);
  });

  it('is never chosen by names that every object has', () => {
    expect(chosen('__proto__/constructor, text/csv;__proto__=1;constructor=2')).toBe(csv);
  });

  it('is not chosen if a response has only one', () => {
    expect(chooserOf({ id: 'plain', responses: { 200: { kind: 'json', mediaType: json } } })).toBeUndefined();
  });
});
