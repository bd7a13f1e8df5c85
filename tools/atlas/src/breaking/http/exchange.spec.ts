import { describe, expect, it } from 'vitest';
import { curl } from './exchange.ts';

describe('a command line of curl', () => {
  it.each([
    ['', "'if-match;'"],
    ['"1"', `'if-match: "1"'`],
    ["it's", `'if-match: it'\\''s'`],
    ["é\t'b", `$'if-match: \\xe9\\x09\\x27b'`],
    ['Bearer $TOKEN', `'if-match: Bearer '"$TOKEN"`],
  ])('sends a header whose value is %j', (value, argument) => {
    const line = curl({ method: 'GET', url: 'http://localhost/v1', headers: { 'if-match': value } });
    expect(line).toBe(`curl -X GET http://localhost/v1 \\\n  -H ${argument}`);
  });
});
