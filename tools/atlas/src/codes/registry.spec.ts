import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allCodes, explainCode } from './registry.ts';

const source = fileURLToPath(new URL('../', import.meta.url));

describe('the registry of codes', () => {
  it('contains each code once', () => {
    const codes = allCodes.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].toSorted());
  });

  it('contains every code in the source', () => {
    const files = globSync('**/*.ts', { cwd: source }).filter((file) => !file.endsWith('.spec.ts'));
    const used = files.flatMap((file) => readFileSync(`${source}${file}`, 'utf8').match(/\bATL\d{4}\b/g) ?? []);
    expect([...new Set(used)].filter((code) => !explainCode(code)).toSorted()).toEqual([]);
  });

  it('explains each code with a reason, and with either two examples or none', () => {
    for (const { code, title, explain } of allCodes) {
      expect(title, code).not.toBe('');
      expect(explain.why, code).toMatch(/[.)]$/);
      expect(explain.bad === undefined, code).toBe(explain.good === undefined);
    }
  });

  it('finds a code in any case, and no unknown code', () => {
    expect(explainCode('atl2003')?.title).toBe('OpenAPI: unknown value');
    expect(explainCode('ATL9999')).toBeUndefined();
  });
});
