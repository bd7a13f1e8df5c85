import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { avroRules } from './avro/rules/index.ts';
import { allChanges, explainChange } from './changes.ts';
import { tableRules } from './db/rules/index.ts';
import { eventRules } from './events/rules/index.ts';
import { httpRules } from './http/rules/index.ts';
import { compareCase, comparedCases } from './testing/comparedCases.ts';

/** Changes whose findings have no safe path, and why. */
const WITHOUT_STEPS: Readonly<Record<string, string>> = {
  'emits-changed': 'only code of the service itself differs, which changes together with its document',
  'handler-added': 'only code of the service itself differs, which changes together with its document',
  'message-key-changed': 'only names in generated code differ, which changes together with the document',
  'operation-emits-changed': 'only code of the service itself differs, which changes together with its document',
  'migrations-unproven': 'what breaks is not known',
  'schema-unproven': 'what breaks is not known',
};

/** Changes that have a case with their name. */
const withCase = [...httpRules, ...tableRules, ...eventRules, ...avroRules].map(({ id }) => id);

describe('a rule of breaking', () => {
  it.each(withCase)('%s fires in the case with its name', async (id) => {
    const found = comparedCases.find(({ name }) => name === id);
    if (!found) throw new Error(`there is no case ${id} of two versions`);
    const { findings } = await compareCase(found, found.old, found.next);
    expect(findings.map(({ change }) => change)).toContain(id);
  });

  it('is silent if nothing changed', async () => {
    for (const one of comparedCases)
      for (const file of [one.old, one.next])
        expect((await compareCase(one, file, file)).findings, `${one.name}: ${file}`).toEqual([]);
  });
});

describe('a finding of breaking', () => {
  it('has a witness if it is an error, a reason if it is a warning, and an explanation in any case', async () => {
    for (const one of comparedCases)
      for (const finding of (await compareCase(one, one.old, one.next)).findings) {
        const { change, severity, witness, unproven = [] } = finding;
        expect(explainChange(change), change).toBeDefined();
        const proven = witness?.shown !== undefined && witness.shown !== '';
        expect({ error: proven, warning: unproven.length > 0, info: true }[severity], change).toBe(true);
      }
  });

  it('has a safe path if it breaks or may break, unless its change needs no steps', async () => {
    const without = new Set<string>();
    for (const one of comparedCases)
      for (const { change, severity, safePath = [] } of (await compareCase(one, one.old, one.next)).findings)
        if (severity !== 'info' && safePath.length === 0) without.add(change);
    expect([...without].toSorted()).toEqual(Object.keys(WITHOUT_STEPS).toSorted());
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
