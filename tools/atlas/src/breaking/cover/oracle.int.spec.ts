import { spawnSync } from 'node:child_process';
import { wheel } from '@atlas/stack';
import fc from 'fast-check';
import type { JsonValue } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { BUDGET } from '../budget.ts';
import { CleanRefs } from '../hashcons/clean.ts';
import { Projection } from '../project/project.ts';
import { dice } from '../testing/dice.ts';
import { editedSchema } from '../testing/editedSchema.ts';
import { schemas } from '../testing/randomSchemas.ts';
import { covers } from './covers.ts';
import { Search } from './search.ts';

const ORACLE = 'jsonschema-rs==0.61.0';
const runs = { numRuns: Number(process.env['RUNS'] ?? 3_000), seed: Number(process.env['SEED'] ?? 61) };

/** One line per pair of [old, next]: whether next covers old. Atlas checks formats, so they are checked here. */
const PROGRAM = `
import json, sys
import jsonschema_rs as oracle
def canonical(schema):
    return oracle.canonicalize(schema, draft=oracle.Draft202012, validate_formats=True)
for line in sys.stdin:
    old, new = json.loads(line)
    try:
        print(str(canonical(new).covers(canonical(old))))
    except Exception:
        print('refused')
`;

type Pair = readonly [old: JsonValue, next: JsonValue];

async function oracleVerdicts(pairs: readonly Pair[]): Promise<readonly string[]> {
  const folder = await wheel(ORACLE, AbortSignal.timeout(120_000));
  const { status, stdout, stderr } = spawnSync('python3', ['-c', PROGRAM], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: folder },
    input: pairs.map((pair) => JSON.stringify(pair)).join('\n'),
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`the oracle fails: ${stderr}`);
  return stdout.trimEnd().split('\n');
}

function ourVerdict([old, next]: Pair): string {
  // readOnly and writeOnly leave members out in OpenAPI only
  const side = { document: {}, dialect: '2020-12', isDirected: false } as const;
  const search: Search = new Search((ref) => projection.target(ref), BUDGET);
  const projection = new Projection(search.store, side, side, new CleanRefs(side, side));
  const writer = projection.project(old, { side: 'old', direction: 'request', names: 'open' });
  const reader = projection.project(next, { side: 'new', direction: 'request', names: 'open' });
  return covers(search, reader, writer).kind;
}

/** Pairs of schemas that have little to do with each other, and pairs that differ in one edit. */
const PAIRS: Readonly<Record<string, fc.Arbitrary<Pair>>> = {
  'another schema': fc
    .tuple(schemas, schemas, fc.boolean())
    .map(([old, next, related]): Pair => [old, related ? { anyOf: [next, old] } : next]),
  'an edit of it': fc.tuple(schemas, dice).map(([old, dice]): Pair => [old, editedSchema(old, dice)]),
};

describe('the verdict on random pairs of schemas', () => {
  it.each(Object.entries(PAIRS))('never contradicts jsonschema-rs: a schema and %s', async (_, kind) => {
    const pairs = fc
      .sample(kind, runs)
      // A format of OpenAPI. JSON Schema and the oracle do not know it.
      .filter((pair) => !JSON.stringify(pair).includes('"int32"'));
    const theirs = await oracleVerdicts(pairs);
    const both = pairs.map((pair, index) => ({ pair, ours: ourVerdict(pair), theirs: theirs[index] ?? '' }));
    const decided = both.filter(({ ours, theirs: said }) => ours !== 'unknown' && (said === 'yes' || said === 'no'));
    const contradictions = decided.filter(({ ours, theirs: said }) => ours !== said);
    expect(contradictions.map((each) => JSON.stringify(each))).toEqual([]);
    expect(decided.length).toBeGreaterThan(pairs.length / 2);
  });
});
