import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { JsonObject } from '@atlas/ir';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { caseFolder, caseNames, readCase } from '../../../test/harness/caseFolder.ts';
import { compareCase, comparedCases, type ComparedCase } from '../../breaking/testing/comparedCases.ts';
import { counts, type BreakingReport } from '../../breaking/finding.ts';
import { renderBreaking } from './render.ts';

/**
 * The schema of SARIF 2.1.0 as OASIS publishes it, in the package of one of its editors. It is a schema of draft 4.
 * Draft 7 reads it the same way, except for these two keys.
 */
const {
  $schema: _,
  id: __,
  ...schema
}: JsonObject = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
);

const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
formats.default(ajv);
const validate = ajv.compile(schema);

/** The errors of a text under the schema of SARIF. */
function complaints(text: string): readonly unknown[] {
  validate(JSON.parse(text));
  return validate.errors ?? [];
}

/** The cases of documents; those of repositories have migrations, which take longer and print the same. */
const documents = comparedCases.filter(({ old }) => !old.endsWith('atlas.config.yaml'));

/** The report of a case, with everything that a finding can have. */
async function reportOf(one: ComparedCase): Promise<BreakingReport> {
  const report = await compareCase(one, one.old, one.next);
  const [first, ...others] = report.findings;
  const accepted = { reason: 'it was\nnever "used" <b>', by: 'kim@tickets.example', expires: '9999-12-31' };
  const loc = { file: 'HEAD~1:specs/a b#%.yaml', line: 3, column: 1, pointer: '/a~1b' };
  return {
    ...report,
    findings: first ? [{ ...first, message: 'accepted', old: loc, accepted }, first, ...others] : [],
  };
}

describe('a report in SARIF', () => {
  it.each(documents)('of the case $name is valid under the schema of SARIF 2.1.0', async (one) => {
    expect(complaints(renderBreaking(await reportOf(one), 'sarif', false))).toEqual([]);
  });

  it('is valid in every case folder that prints it', async () => {
    const printed: string[] = [];
    for (const name of caseNames) if ((await readCase(name)).args.includes('sarif')) printed.push(name);
    expect(printed.length).toBeGreaterThan(1);
    for (const name of printed)
      expect(complaints(readFileSync(`${caseFolder(name)}/stdout.txt`, 'utf8')), name).toEqual([]);
  });

  it('would not be valid with an unknown key, so the schema does check it', () => {
    expect(complaints('{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"atlas"}},"verdict":1}]}')).not.toEqual([]);
  });
});

describe('a report in JSON', () => {
  /** The keys that a finding has in the JSON form of every command. */
  const COMMON = ['code', 'severity', 'message', 'file', 'line', 'column', 'pointer'] as const;

  it('has a verdict, and each finding has the keys of other commands: its code, and its place in the new version', async () => {
    for (const one of documents) {
      const report = await compareCase(one, one.old, one.next);
      const { verdict, findings }: { verdict: string; findings: Record<string, unknown>[] } = JSON.parse(
        renderBreaking(report, 'json', false),
      );
      expect(verdict, one.name).toBe(report.findings.length === 0 ? 'clean' : 'findings');
      expect(
        findings.map((finding) => COMMON.map((key) => finding[key])),
        one.name,
      ).toEqual(
        report.findings.map(({ change, severity, message, old, new: next }) => {
          const loc = next ?? old;
          return [change, severity, message, loc?.file, loc?.line, loc?.column, loc?.pointer];
        }),
      );
    }
  });
});

describe('the other formats for programs', () => {
  it('say the same: one annotation, one test case and one result per error or warning', async () => {
    for (const one of documents) {
      const report = await reportOf(one);
      const said = report.findings.filter(({ severity }) => severity !== 'info');
      const github = renderBreaking(report, 'github-actions', false);
      const junit = renderBreaking(report, 'junit', false);
      const sarif: { runs: { results: { suppressions?: unknown }[] }[] } = JSON.parse(
        renderBreaking(report, 'sarif', false),
      );
      const results = sarif.runs.flatMap(({ results: list }) => list);
      const accepted = said.filter((finding) => finding.accepted).length;
      expect(
        {
          annotations: github.match(/^::(?:error|warning|notice) /gm)?.length ?? 0,
          results: results.length,
          suppressed: results.filter(({ suppressions }) => suppressions).length,
          failures: junit.match(/<failure /g)?.length ?? 0,
          counted: Number(/failures="(\d+)"/.exec(junit)?.[1]),
        },
        one.name,
      ).toEqual({
        annotations: said.length,
        results: said.length,
        suppressed: accepted,
        failures: said.filter(counts).length,
        counted: said.filter(counts).length,
      });
    }
  });
});

describe('every format', () => {
  it.each(['text', 'json', 'github-actions', 'junit', 'sarif', 'markdown'] as const)(
    '%s names the consumers of an event and of an operation',
    async (format) => {
      for (const [name, consumer] of [
        ['event-consumers', 'seats'],
        ['http-consumers', 'kiosk'],
      ] as const) {
        const one = comparedCases.find((compared) => compared.name === name);
        if (!one) throw new Error(`there is no case ${name}`);
        const text = renderBreaking(await compareCase(one, one.old, one.next), format, false);
        expect(
          text
            .split('consumers')
            .slice(1)
            .some((rest) => rest.slice(0, 60).includes(consumer)),
          name,
        ).toBe(true);
      }
    },
  );
});
