import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caseFolder, caseNames, readCase } from '../../test/harness/caseFolder.ts';
import { allCodes } from '../codes/registry.ts';
import { render } from '../report/render.ts';
import { EXIT } from '../diagnostics/usageError.ts';
import { load } from '../load/load.ts';
import { readSpecs } from '../read/specs.ts';
import { check } from './check.ts';

const bad = caseNames.filter((name) => name.startsWith('bad-'));

interface Judged {
  readonly text: string;
  readonly exit: number;
}

/** What `atlas check` says about a case and its exit code. Specs that cannot be loaded are a fault of configuration. */
async function judge(name: string): Promise<Judged> {
  const { workspace, diagnostics, sources } = await load(`${caseFolder(name)}/specs/atlas.config.yaml`);
  const found = workspace && diagnostics.length === 0 ? await check(readSpecs(workspace)) : diagnostics;
  const text = render(found, { format: 'text', sources, color: false, folder: 'specs' });
  return { text, exit: found.length === 0 ? EXIT.clean : workspace ? EXIT.findings : EXIT.usage };
}

/** The command line itself runs in test/cases.spec.ts, on one of these cases per exit code. */
describe('the check of a case folder', () => {
  it.each(bad)('finds what is wrong with %s', async (name) => {
    const said = readFileSync(`${caseFolder(name)}/stderr.txt`, 'utf8');
    const { args, exit } = await readCase(name);
    expect(args).toEqual(['check']);
    // The last line is the summary of the command.
    expect(await judge(name)).toEqual({ text: said.replace(/.*\n$/, ''), exit });
  });

  it('finds nothing in clean specs', async () => {
    expect(await judge('clean-two-services')).toEqual({ text: '', exit: EXIT.clean });
  });

  it('exists for every code of reading and checking', () => {
    const texts = caseNames.map((name) => `${caseFolder(name)}/stderr.txt`).filter((file) => existsSync(file));
    const seen = texts.map((file) => readFileSync(file, 'utf8')).join('');
    // No case for these: a limit that takes thousands of files, the two codes of --official, and a rare finding of
    // AsyncAPI.
    const without = ['ATL1102', 'ATL2090', 'ATL3090', 'ATL5001'];
    const area = allCodes.map(({ code }) => code).filter((code) => /^ATL[1235]/.test(code));
    expect(area.filter((code) => !seen.includes(`[${code}]`))).toEqual(without);
  });
});
