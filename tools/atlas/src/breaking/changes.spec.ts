import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caseFolder, caseNames } from '../../test/harness/caseFolder.ts';
import { limits } from '../document/limits.ts';
import { loadDocument } from '../load/load.ts';
import { allChanges, explainChange } from './changes.ts';
import { compareDocuments } from './compare.ts';
import type { BreakingReport } from './finding.ts';
import { httpRules } from './http/rules/index.ts';

/** The cases with two documents that load. */
const cases = caseNames.filter(
  (name) => existsSync(`${caseFolder(name)}/specs/old.yaml`) && !name.startsWith('refused-'),
);

async function compare(name: string, old: string, next: string): Promise<BreakingReport> {
  const side = async (file: string) => {
    const { workspace } = await loadDocument(`${caseFolder(name)}/specs/${file}`, limits.comparedBytes);
    if (!workspace) throw new Error(`${name}: ${file} does not load`);
    return { workspace, folder: 'specs', file };
  };
  return compareDocuments(await side(old), await side(next), {});
}

describe('a rule of breaking', () => {
  it.each(httpRules.map(({ id }) => id))('%s fires in the case with its name', async (id) => {
    const { findings } = await compare(id, 'old.yaml', 'new.yaml');
    expect(findings.map(({ change }) => change)).toContain(id);
  });

  it('is silent if nothing changed', async () => {
    for (const name of cases)
      for (const file of ['old.yaml', 'new.yaml'])
        expect((await compare(name, file, file)).findings, `${name}: ${file}`).toEqual([]);
  });
});

describe('a finding of breaking', () => {
  it('has a witness if it is an error, a reason if it is a warning, and an explanation in any case', async () => {
    for (const name of cases)
      for (const finding of (await compare(name, 'old.yaml', 'new.yaml')).findings) {
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
