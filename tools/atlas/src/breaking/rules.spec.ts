import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { caseNames } from '../../test/harness/caseFolder.ts';
import { avroRules } from './avro/rules/index.ts';
import { explainChange } from './changes.ts';
import { tableRules } from './db/rules/index.ts';
import { eventRules } from './events/rules/index.ts';
import { httpRules } from './http/rules/index.ts';
import { kebab } from './report/changeOf.ts';
import type { BreakingRule } from './rule.ts';

type Rule = Omit<BreakingRule<never>, 'check'>;

/** What each folder of rules runs. */
const FOLDERS: Readonly<Record<string, readonly Rule[]>> = {
  http: httpRules,
  events: eventRules,
  db: tableRules,
  avro: avroRules,
};

const files = Object.entries(FOLDERS).flatMap(([folder, rules]) =>
  readdirSync(new URL(`${folder}/rules/`, import.meta.url))
    .filter((file) => file !== 'index.ts')
    .map((file) => ({ folder, file, rules })),
);

/** What a file of rules exports. */
async function exportsOf(folder: string, file: string): Promise<readonly (readonly [name: string, value: unknown])[]> {
  const module: object = await import(fileURLToPath(new URL(`${folder}/rules/${file}`, import.meta.url)));
  return Object.entries(module);
}

describe('a file of rules', () => {
  it.each(files)('$folder/rules/$file exports one rule, which is run, explained and has a case', async (one) => {
    const { folder, file, rules } = one;
    const exported = await exportsOf(folder, file);
    expect(exported).toHaveLength(1);
    const [name, value] = exported[0] ?? [];
    expect(`${name}.ts`).toBe(file);
    const rule = rules.find((known) => known === value);
    if (!rule) throw new Error(`${file} exports no rule that is run`);
    expect(rule.id).toBe(`${folder === 'avro' ? 'avro-' : ''}${kebab(name ?? '')}`);
    expect(caseNames).toContain(rule.id);
    const { id, purpose, level } = rule;
    expect(explainChange(id)).toEqual({ id, purpose, level });
  });

  it('exists for each rule that is run', () => {
    for (const [folder, rules] of Object.entries(FOLDERS))
      expect(files.filter((one) => one.folder === folder)).toHaveLength(rules.length);
  });
});
