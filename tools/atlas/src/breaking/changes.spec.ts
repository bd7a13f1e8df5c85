import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { caseFolder, caseNames, readCase } from '../../test/harness/caseFolder.ts';
import { limits } from '../document/limits.ts';
import { load, loadDocument } from '../load/load.ts';
import { AVRO_CHANGES } from './avro/changes.ts';
import { MODES } from './avro/modes.ts';
import { allChanges, explainChange } from './changes.ts';
import { compareDocuments, compareRepositories } from './compare.ts';
import type { BreakingReport } from './finding.ts';
import { eventRules } from './events/rules/index.ts';
import { httpRules } from './http/rules/index.ts';

/** The cases that compare two files or two repositories that load, with the paths of these and the mode. */
const cases = (
  await Promise.all(
    caseNames
      .filter((name) => !name.startsWith('refused-'))
      .map(async (name) => {
        const { args } = await readCase(name);
        const [command, ...files] = args.filter((arg) => !arg.startsWith('-'));
        const [old, next, mode] = args[1] === '--config' ? [`${files[1] ?? ''}/atlas.config.yaml`, files[0]] : files;
        const isBreaking = command === 'breaking' && old !== undefined && next !== undefined;
        const path = `${caseFolder(name)}/${old ?? ''}`;
        return isBreaking && existsSync(path) && statSync(path).isFile()
          ? [{ name, old, next, mode: MODES.find((one) => one === mode) }]
          : [];
      }),
  )
).flat();

type Case = (typeof cases)[number];

async function compare({ name, mode }: Case, old: string, next: string): Promise<BreakingReport> {
  const isRepository = old.endsWith('config.yaml');
  const side = async (file: string) => {
    const root = `${caseFolder(name)}/${dirname(file)}`;
    const path = `${caseFolder(name)}/${file}`;
    const { workspace } = await (isRepository ? load(path) : loadDocument(path, limits.comparedBytes, root));
    if (!workspace) throw new Error(`${name}: ${file} does not load`);
    return { workspace, folder: dirname(file), file: basename(file) };
  };
  const [before, after] = [await side(old), await side(next)];
  const options = mode ? { mode } : {};
  return isRepository ? compareRepositories(before, after, options) : compareDocuments([before], after, options);
}

/** Changes that have a case with their name. */
const withCase = [...httpRules, ...eventRules, ...Object.values(AVRO_CHANGES)].map(({ id }) => id);

describe('a rule of breaking', () => {
  it.each(withCase)('%s fires in the case with its name', async (id) => {
    const found = cases.find(({ name }) => name === id);
    if (!found) throw new Error(`there is no case ${id} of two versions`);
    const { findings } = await compare(found, found.old, found.next);
    expect(findings.map(({ change }) => change)).toContain(id);
  });

  it('is silent if nothing changed', async () => {
    for (const one of cases)
      for (const file of [one.old, one.next])
        expect((await compare(one, file, file)).findings, `${one.name}: ${file}`).toEqual([]);
  });
});

describe('a finding of breaking', () => {
  it('has a witness if it is an error, a reason if it is a warning, and an explanation in any case', async () => {
    for (const one of cases)
      for (const finding of (await compare(one, one.old, one.next)).findings) {
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
