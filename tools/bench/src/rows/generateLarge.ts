import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isRecord } from '@atlas/stack';
import { acceptedApi, CHANGES } from '../acceptedApi.ts';
import { githubDocument } from '../githubDocument.ts';
import { largeApi } from '../largeApi.ts';
import { interleave } from '../measure.ts';
import { NotMeasurable, type Row } from '../row.ts';
import { usageOf, usages } from '../usage.ts';
import { timed } from './generate.ts';

const ROUNDS = 5;
const OURS = 'atlas generate';
const PEER = 'openapi-typescript';
const NOTE =
  'the whole process; atlas checks the document, and makes types, validators, serialisers, a file per operation and a client, while its peer makes the types only';

/** openapi-typescript alone, as a program of its own: it reads the document and writes the types. */
const TYPES_ONLY = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import openapiTS, { astToString } from 'openapi-typescript';
  const [document, output] = process.argv.slice(-2);
  writeFileSync(output, astToString(await openapiTS(JSON.parse(readFileSync(document, 'utf8')), { silent: true })));
`;

/** Everything that `atlas generate` makes from a large API, against the types alone. */
export const generateLargeRow: Row = {
  id: 'generate-large',
  about: `\`atlas generate\` of 1,200 operations in 6 MB, against ${PEER} alone`,
  run: (measuring) =>
    withDocument(largeApi(), async ({ ours, peer }) => {
      const comparison = await interleave(
        { name: OURS, run: () => ours(timed) },
        [{ name: PEER, run: () => peer(timed) }],
        { rounds: ROUNDS, beforeRound: measuring('generate, a large API') },
      );
      return [{ title: 'generate, a large API', unit: 'ms', comparison, note: NOTE }];
    }),
};

/** The same for a real API, with the memory that it takes. */
export const generateGithubRow: Row = {
  id: 'generate-github',
  about: `\`atlas generate\` of GitHub’s API in 13 MB, against ${PEER} alone`,
  run: async (measuring) => {
    const document: unknown = JSON.parse(readFileSync(githubDocument('23.0.2', 'api.github.com.json'), 'utf8'));
    if (!isRecord(document)) throw new NotMeasurable('GitHub’s document is not an object');
    return withDocument(acceptedApi(document), async ({ ours, peer }) => {
      const { cpu, memory } = await usages(
        { name: OURS, run: () => ours(usageOf) },
        { name: PEER, run: () => peer(usageOf) },
        { rounds: ROUNDS, beforeRound: measuring('generate, GitHub’s API') },
      );
      const note = `${NOTE}; before it is measured, a program changes the document: ${CHANGES}`;
      return [
        { title: 'generate, GitHub’s API: processor time', unit: 'ms', comparison: cpu, note },
        { title: 'generate, GitHub’s API: peak memory', unit: 'MB', comparison: memory, note: 'the same runs' },
      ];
    });
  },
};

/** Runs this Node with arguments in a folder, and measures it. */
type Measure<Result> = (args: readonly string[], cwd?: string) => Result;

interface Sides {
  readonly ours: <Result>(measure: Measure<Result>) => Result;
  readonly peer: <Result>(measure: Measure<Result>) => Result;
}

/** Gives both sides to `use`: they generate code from a document, in a folder of its own that is removed at the end. */
async function withDocument<Result>(document: object, use: (sides: Sides) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const file = join(folder, 'specs/api.json');
  const config = join(folder, 'specs/atlas.config.yaml');
  const atlas = resolve('tools/atlas');
  try {
    mkdirSync(join(folder, 'specs'));
    writeFileSync(file, JSON.stringify(document));
    writeFileSync(config, 'version: 1\nservices: { large: { openapi: api.json } }\n');
    return await use({
      ours: (measure) => {
        rmSync(join(folder, 'generated'), { recursive: true, force: true });
        return measure([join(atlas, 'bin/atlas.js'), 'generate', '--config', config]);
      },
      peer: (measure) => measure(['--input-type=module', '-e', TYPES_ONLY, file, join(folder, 'types.ts')], atlas),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
