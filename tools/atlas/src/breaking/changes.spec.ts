import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allChanges, explainChange } from './changes.ts';
import { httpRules } from './http/rules/index.ts';
import { compareCase, comparedCases } from './testing/comparedCases.ts';

describe('a rule of breaking', () => {
  it.each(httpRules.map(({ id }) => id))('%s fires in the case with its name', async (id) => {
    const { findings } = await compareCase(id, 'old.yaml', 'new.yaml');
    expect(findings.map(({ change }) => change)).toContain(id);
  });

  it('is silent if nothing changed', async () => {
    for (const name of comparedCases)
      for (const file of ['old.yaml', 'new.yaml'])
        expect((await compareCase(name, file, file)).findings, `${name}: ${file}`).toEqual([]);
  });
});

describe('a finding of breaking', () => {
  it('has a witness if it is an error, a reason if it is a warning, and an explanation in any case', async () => {
    for (const name of comparedCases)
      for (const finding of (await compareCase(name, 'old.yaml', 'new.yaml')).findings) {
        const { change, severity, witness, unproven = [] } = finding;
        expect(explainChange(change), change).toBeDefined();
        const proven = witness?.shown !== undefined && witness.shown !== '';
        expect({ error: proven, warning: unproven.length > 0, info: true }[severity], change).toBe(true);
      }
  });

  it('has a change with one explanation, and a name that the source writes', () => {
    const ids = allChanges.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    const source = readFileSync(new URL('report/changeOf.ts', import.meta.url), 'utf8');
    const written = [...source.matchAll(/change: '([a-z-]+)'/g)].map(([, id]) => id ?? '');
    expect(written.length).toBeGreaterThan(10);
    expect(written.filter((id) => !explainChange(id))).toEqual([]);
    for (const { id, purpose } of allChanges) expect(purpose, id).toMatch(/\.$/);
  });
});
