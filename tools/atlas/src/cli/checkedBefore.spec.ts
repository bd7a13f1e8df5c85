import { appendFileSync, cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSpecs } from '../pipeline.ts';
import { checkedBefore } from './checkedBefore.ts';
import { notePath } from './notes.ts';

const SPECS = join(import.meta.dirname, '../../test/cases/whole/clean-two-services/specs');
let folder = '';
let config = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'atlas-checked-')));
  config = join(folder, 'atlas.config.yaml');
  cpSync(SPECS, folder, { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(notePath(config, 'model'), { force: true });
});

/** The steps of a run. Without any, the specs were taken from the last one. */
async function steps(): Promise<readonly string[]> {
  const seen: string[] = [];
  await checkedBefore(config, (step) => seen.push(step));
  return seen;
}

describe('checked specs', () => {
  it('are taken from the last run, and are the same', async () => {
    const { system, sources, diagnostics } = await checkSpecs(config, () => undefined);
    expect(await steps()).toContain('checking the specs');
    expect(await checkedBefore(config, () => undefined)).toEqual({
      system,
      sources,
      diagnostics,
      workspace: { root: folder },
    });
    expect(await steps()).toEqual([]);
  });

  it.each([
    ['a document has changed', () => appendFileSync(join(folder, 'asyncapi/bookings.yaml'), '# a line\n')],
    ['a document is gone', () => rmSync(join(folder, 'asyncapi/bookings.yaml'))],
    ['a schema was added', () => writeFileSync(join(folder, 'avro/more.avsc'), '"string"')],
    ['the note was cut off', () => writeFileSync(notePath(config, 'model'), 'x')],
  ])('are checked again if %s', async (_, change) => {
    await steps();
    change();
    expect(await steps()).toContain('reading the specs');
  });

  it('are checked each time if there is a finding', async () => {
    appendFileSync(join(folder, 'asyncapi/bookings.yaml'), 'unknown: 1\n');
    expect([...(await steps()), ...(await steps())].filter((step) => step === 'checking the specs')).toHaveLength(2);
    const { diagnostics, system } = await checkedBefore(config, () => undefined);
    expect([diagnostics.length > 0, system]).toEqual([true, undefined]);
  });
});
