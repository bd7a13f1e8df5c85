import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allCodes, explainCode } from './registry.ts';

const source = fileURLToPath(new URL('../', import.meta.url));

describe('the registry of codes', () => {
  it('knows each code once', () => {
    const codes = allCodes.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].toSorted());
  });

  it('knows every code that the source gives', () => {
    const files = globSync('**/*.ts', { cwd: source }).filter((file) => !file.endsWith('.spec.ts'));
    const used = files.flatMap((file) => readFileSync(`${source}${file}`, 'utf8').match(/\bATL\d{4}\b/g) ?? []);
    expect([...new Set(used)].filter((code) => !explainCode(code)).toSorted()).toEqual([]);
  });

  it('explains each with a reason, and an example that breaks it comes with one that does not', () => {
    for (const { code, title, explain } of allCodes) {
      expect(title, code).not.toBe('');
      expect(explain.why, code).toMatch(/[.)]$/);
      expect(explain.bad === undefined, code).toBe(explain.good === undefined);
    }
  });

  it('answers in any case and not for strangers', () => {
    expect(explainCode('atl2003')?.title).toBe('OpenAPI: unknown value');
    expect(explainCode('ATL9999')).toBeUndefined();
  });
});
