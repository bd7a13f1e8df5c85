import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@atlas/ir';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparedLimits } from '../../document/limits.ts';
import { loadDocument } from '../../load/load.ts';
import { compareDocuments } from '../compare.ts';
import type { BreakingFinding } from '../finding.ts';
import type { FileSide } from '../sides/side.ts';
import { dice, type Dice } from '../testing/dice.ts';
import { editedEvents } from '../testing/eventEdits.ts';
import { contractBreak, recordIn, refusal, sentBy } from '../testing/eventPeer.ts';
import { documentOf, PLAIN, randomEvents, type RandomEvents, type Wording } from '../testing/randomEvents.ts';

/** Pairs of documents. The variables `RUNS` and `SEED` set other values. */
const PAIRS = Number(process.env['RUNS'] ?? 250);
const SEED = Number(process.env['SEED'] ?? 14_001);
/** How often each type that is sent is tried. */
const TRIES = 6;

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'atlas-events-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function sideOf(name: string, document: JsonObject): Promise<FileSide> {
  const file = `${name}.json`;
  await writeFile(join(folder, file), JSON.stringify(document));
  const { workspace, diagnostics } = await loadDocument(join(folder, file), comparedLimits);
  if (!workspace) throw new Error(JSON.stringify(diagnostics));
  return { workspace, folder: '', file };
}

async function findingsOf(old: JsonObject, next: JsonObject): Promise<readonly BreakingFinding[]> {
  return compareDocuments([await sideOf('old', old)], await sideOf('new', next), {}).findings;
}

/** Changes whose witness is a record that one version writes and the other does not read. */
const OF_DATA =
  /^(?:schema|property|properties|required|type|value|values|range|length|header|enum|topic|message-removed)/;

/** What contradicts the findings about a pair. */
function contradictions(
  findings: readonly BreakingFinding[],
  old: RandomEvents,
  next: RandomEvents,
  dice: Dice,
): readonly string[] {
  const wrong: string[] = [];
  for (const { severity, change, witness } of findings) {
    if (severity !== 'error' || !OF_DATA.test(change)) continue;
    const record = recordIn(witness?.value);
    const [writer, reader] = witness?.acceptedBy === 'old' ? [old, next] : [next, old];
    if (!record) wrong.push(`${change} has no record as its witness`);
    else if (refusal(writer, record, true) !== undefined) wrong.push(`${change}: the writer refuses its witness`);
    else if (refusal(reader, record, true) === undefined) wrong.push(`${change}: the reader reads its witness`);
  }
  if (findings.some(({ severity }) => severity === 'error')) return wrong;
  const contract = contractBreak(old, next);
  if (contract !== undefined) wrong.push(`nothing breaks, but ${contract}`);
  for (let tried = 0; tried < TRIES; tried++) {
    for (const record of sentBy(dice, old)) {
      const why = refusal(next, record, true);
      if (why !== undefined)
        wrong.push(`nothing breaks, but the new version says of ${JSON.stringify(record)}: ${why}`);
    }
    for (const record of sentBy(dice, next)) {
      const why = refusal(old, record, false);
      if (why !== undefined)
        wrong.push(`nothing breaks, but the old version says of ${JSON.stringify(record)}: ${why}`);
    }
  }
  return wrong;
}

describe('the verdict on random edits of random events', () => {
  it('is right: peers of both versions read each other if nothing breaks, and each break has a record', async () => {
    const seen = { pairs: 0, breaking: 0, changes: new Set<string>() };
    await fc.assert(
      fc.asyncProperty(dice, async (dice) => {
        const events = randomEvents(dice);
        const { names, next } = editedEvents(events, dice);
        const [old, edited] = [documentOf(events, PLAIN), documentOf(next, PLAIN)];
        const findings = await findingsOf(old, edited);
        seen.pairs += 1;
        if (findings.some(({ severity }) => severity === 'error')) seen.breaking += 1;
        for (const { change } of findings) seen.changes.add(change);
        const told = [
          names.join(', '),
          JSON.stringify(old),
          JSON.stringify(edited),
          ...findings.map(({ change }) => change),
        ];
        expect(contradictions(findings, events, next, dice), told.join('\n')).toEqual([]);
        expect(findings.map(({ change }) => change)).not.toContain('schema-unproven');
      }),
      { numRuns: PAIRS, seed: SEED, endOnFailure: true },
    );
    expect(seen.breaking).toBeGreaterThan(seen.pairs / 4);
    expect(seen.breaking).toBeLessThan(seen.pairs);
    expect(seen.changes.size).toBeGreaterThan(12);
  });

  it('is that nothing changed if a document says the same in other words', async () => {
    await fc.assert(
      fc.asyncProperty(dice, async (dice) => {
        const events = randomEvents(dice);
        const wording = (): Wording => ({ inline: dice.once(2), traits: dice.once(2), suffix: dice.pick(['', '2']) });
        const [old, next] = [documentOf(events, wording()), documentOf(events, wording())];
        expect(await findingsOf(old, next), JSON.stringify([old, next])).toEqual([]);
      }),
      { numRuns: PAIRS / 5, seed: SEED, endOnFailure: true },
    );
  });
});
