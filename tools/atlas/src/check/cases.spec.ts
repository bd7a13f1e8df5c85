import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caseFolder, caseNames } from '../../test/harness/caseFolder.ts';
import { allCodes } from '../codes/registry.ts';
import { render } from '../report/render.ts';
import { load } from '../load/index.ts';
import { check } from './index.ts';

const bad = caseNames.filter((name) => name.startsWith('bad-'));

async function findings(name: string): Promise<string> {
  const { workspace, diagnostics, sources } = await load(`${caseFolder(name)}/specs/atlas.config.yaml`);
  const found = workspace && diagnostics.length === 0 ? check(workspace) : diagnostics;
  return render(found, { format: 'text', sources, color: false, folder: 'specs' });
}

describe('case folders', () => {
  it.each(bad)('%s says what is wrong', async (name) => {
    const said = readFileSync(`${caseFolder(name)}/stderr.txt`, 'utf8');
    // The last line is the summary of the command.
    expect(await findings(name)).toBe(said.replace(/.*\n$/, ''));
  });

  it('have no findings in a clean repository', async () => {
    expect(await findings('clean-two-services')).toBe('');
  });

  it('cover every code of reading and checking', () => {
    const seen = bad.map((name) => readFileSync(`${caseFolder(name)}/stderr.txt`, 'utf8')).join('');
    // Without a case: a limit of thousands of files, the two official tools, and the rarest problem of AsyncAPI.
    const without = ['ATL1004', 'ATL1102', 'ATL2090', 'ATL3090', 'ATL5001'];
    const area = allCodes.map(({ code }) => code).filter((code) => /^ATL[1235]/.test(code));
    expect(area.filter((code) => !seen.includes(`[${code}]`))).toEqual(without);
  });
});
