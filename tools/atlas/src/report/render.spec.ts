import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { render } from './render.ts';

const source = 'info:\n  title: Bookings\n          type: sting # no\n';
const finding: Diagnostic = {
  code: 'ATL2003',
  severity: 'error',
  message: 'unknown type "sting"',
  loc: { file: 'openapi/bookings.yaml', line: 3, column: 17, pointer: '/x/type' },
  fix: 'did you mean "string"?',
  affects: ['../generated/bookings/http/getBooking.ts'],
};
const options = {
  format: 'text',
  sources: new Map([['openapi/bookings.yaml', source]]),
  color: false,
  folder: 'specs',
} as const;

describe('a finding', () => {
  it.each(['text', 'json', 'github-actions', 'junit', 'sarif'] as const)(
    'has no credentials of a URL in the format %s',
    (format) => {
      const url = 'https://kim:se@cret@venue.example/x';
      const sources = new Map([['openapi/bookings.yaml', `a: 1\nb: 2\n          $ref: '${url}'\n`]]);
      const related = [{ loc: finding.loc, message: `also ${url}` }];
      const secret: Diagnostic = { ...finding, message: `$ref ${url} is remote`, fix: `save ${url}`, related };
      const text = render([secret], { ...options, format, sources });
      expect(text).toContain('https://venue.example/x');
      expect(text).not.toMatch(/kim|cret/);
    },
  );
});

describe('the format text', () => {
  it('has the message, the place, the frame, the fix and the affected files', () => {
    expect(render([finding], options)).toBe(
      [
        'error[ATL2003]: unknown type "sting"',
        '  --> specs/openapi/bookings.yaml:3:17',
        '> 3 |           type: sting # no',
        '    |                 ^^^^^ did you mean "string"?',
        '  affects: generated/bookings/http/getBooking.ts · atlas explain ATL2003',
        '',
      ].join('\n'),
    );
  });

  it('is sorted by place and prints each finding once', () => {
    const early: Diagnostic = { ...finding, message: 'early', loc: { ...finding.loc, line: 1, column: 1 } };
    const text = render([finding, early, finding], options);
    expect(text.match(/error\[ATL2003\]: .*/g)).toEqual([
      'error[ATL2003]: early',
      'error[ATL2003]: unknown type "sting"',
    ]);
  });

  it('has colours only on request', () => {
    expect(render([finding], { ...options, color: true })).toContain('\u001b[31m');
    expect(render([finding], options)).not.toContain('\u001b');
  });

  it('passes no escape code from a spec to the terminal', () => {
    const sources = new Map([['openapi/bookings.yaml', '\u001b]0;x\u0007\u202e\n']]);
    const hostile: Diagnostic = {
      ...finding,
      message: 'a\u001b[2Jb',
      fix: '\u009b',
      loc: { ...finding.loc, line: 1, column: 1 },
    };
    expect(render([hostile], { ...options, sources })).not.toMatch(/[\u0007\u001b\u009b\u202e]/);
  });

  it('stays short for a name of megabytes', () => {
    for (const quote of ['', '"', "'"]) {
      const name = 'x'.repeat(9_000_000);
      const sources = new Map([['openapi/bookings.yaml', `${quote}${name}${quote}\n`]]);
      const long: Diagnostic = {
        ...finding,
        message: name,
        fix: name,
        affects: [name],
        loc: { ...finding.loc, line: 1, column: 1 },
      };
      for (const format of ['text', 'json', 'github-actions', 'junit', 'sarif'] as const)
        expect(render([long], { ...options, sources, format }).length).toBeLessThan(4000);
    }
  });

  it('cuts a long line around the place', () => {
    const sources = new Map([['openapi/bookings.yaml', `${' '.repeat(5000)}here${' '.repeat(5000)}.`]]);
    const far: Diagnostic = { ...finding, loc: { ...finding.loc, line: 1, column: 5001 } };
    const lines = render([far], { ...options, sources }).split('\n');
    expect(lines[2]).toBe(`> 1 | ${' '.repeat(20)}here`);
    expect(lines[3]).toBe(`    | ${' '.repeat(20)}^^^^ did you mean "string"?`);
  });

  it('has no frame if the line does not exist', () => {
    const text = render([{ ...finding, loc: { ...finding.loc, line: 99 } }], options);
    expect(text).toContain('  fix: did you mean "string"?\n');
  });
});

describe('the format', () => {
  it('json prints one stable object', () => {
    expect(JSON.parse(render([finding], { ...options, format: 'json' }))).toEqual({
      version: 1,
      verdict: 'findings',
      findings: [
        {
          code: 'ATL2003',
          severity: 'error',
          message: 'unknown type "sting"',
          file: 'specs/openapi/bookings.yaml',
          line: 3,
          column: 17,
          pointer: '/x/type',
          fix: 'did you mean "string"?',
        },
      ],
    });
    expect(JSON.parse(render([], { ...options, format: 'json' }))).toEqual({
      version: 1,
      verdict: 'clean',
      findings: [],
    });
  });

  it('github-actions escapes characters that would end the command', () => {
    const odd: Diagnostic = { ...finding, message: '50%\nof', fix: 'x' };
    expect(render([odd], { ...options, format: 'github-actions' })).toBe(
      '::error file=specs/openapi/bookings.yaml,line=3,col=17,title=ATL2003::50%25%0Aof%0Ax\n',
    );
  });

  it('junit prints valid XML for any message', () => {
    const text = render([{ ...finding, message: '<a>&"\u0000' }], { ...options, format: 'junit' });
    expect(text).toContain('<testsuite name="atlas" tests="1" failures="1">');
    expect(text).toContain('message="&lt;a&gt;&amp;&quot;?"');
    expect(render([], { ...options, format: 'junit' })).toContain('tests="1" failures="0"');
  });

  it('sarif prints the rule and the place', () => {
    expect(JSON.parse(render([finding], { ...options, format: 'sarif' }))).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { rules: [{ id: 'ATL2003', shortDescription: { text: 'OpenAPI: unknown value' } }] } },
          results: [
            {
              ruleIndex: 0,
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'specs/openapi/bookings.yaml' },
                    region: { startLine: 3, startColumn: 17 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });
});
