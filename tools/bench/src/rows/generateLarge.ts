import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { largeApi } from '../largeApi.ts';
import { interleave } from '../measure.ts';
import type { Row } from '../row.ts';
import { timed } from './generate.ts';

const ROUNDS = 5;

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
  about: '`atlas generate` of 1,200 operations in 6 MB, against openapi-typescript alone',
  run: async (measuring) => {
    const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
    const document = join(folder, 'specs/api.json');
    const config = join(folder, 'specs/atlas.config.yaml');
    const atlas = resolve('tools/atlas');
    try {
      mkdirSync(join(folder, 'specs'));
      writeFileSync(document, JSON.stringify(largeApi()));
      writeFileSync(config, 'version: 1\nservices: { large: { openapi: api.json } }\n');
      const comparison = await interleave(
        {
          name: 'atlas generate',
          run: () => {
            rmSync(join(folder, 'generated'), { recursive: true, force: true });
            return timed([join(atlas, 'bin/atlas.js'), 'generate', '--config', config]);
          },
        },
        [
          {
            name: 'openapi-typescript',
            run: () => timed(['--input-type=module', '-e', TYPES_ONLY, document, join(folder, 'types.ts')], atlas),
          },
        ],
        { rounds: ROUNDS, beforeRound: measuring('generate, a large API') },
      );
      return [
        {
          title: 'generate, a large API',
          unit: 'ms',
          comparison,
          note: 'the whole process; atlas checks the document, and makes types, validators, serialisers, a file per operation and a client, while its peer makes the types only',
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
