import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allCodes, render } from '../diagnostics/index.ts';
import { load } from '../load/index.ts';
import { check } from './index.ts';

const root = fileURLToPath(new URL('../../test/cases/', import.meta.url));
const bad = readdirSync(root).filter((name) => name.startsWith('bad-'));

async function findings(name: string): Promise<string> {
  const { workspace, diagnostics, sources } = await load(`${root}${name}/specs/atlas.config.yaml`);
  const found = workspace && diagnostics.length === 0 ? check(workspace) : diagnostics;
  return render(found, { format: 'text', sources, color: false, folder: 'specs' });
}

describe('case folders', () => {
  it.each(bad)('%s says what is wrong', async (name) => {
    const said = readFileSync(`${root}${name}/stderr.txt`, 'utf8');
    // without the line that closes the command
    expect(await findings(name)).toBe(said.replace(/.*\n$/, ''));
  });

  it('find nothing in a clean repository', async () => {
    expect(await findings('clean-two-services')).toBe('');
  });

  it('cover every code of reading and checking', () => {
    const seen = bad.map((name) => readFileSync(`${root}${name}/stderr.txt`, 'utf8')).join('');
    // No case: a limit that takes thousands of files, the two voices of --official, AsyncAPI's rarest complaint.
    const without = ['ATL1004', 'ATL1102', 'ATL2090', 'ATL3090', 'ATL5001'];
    const area = allCodes.map(({ code }) => code).filter((code) => /^ATL[1235]/.test(code));
    expect(area.filter((code) => !seen.includes(`[${code}]`))).toEqual(without);
  });
});
