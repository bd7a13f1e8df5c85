import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PAIRS } from './documents.ts';
import { atlasVerdicts, oasdiffVerdicts, PEER } from './judges.ts';
import { page } from './page.ts';

const USAGE = `usage: npx node tools/bench/src/verdicts/main.ts --oasdiff <program>

Judges all pairs with atlas and with oasdiff, and writes docs/reference/verdicts.md. The page names version 1.37:
build it with "go install github.com/oasdiff/oasdiff@v1.37.0".`;

const PAGE = join(import.meta.dirname, '../../../../docs/reference/verdicts.md');

const { values } = parseArgs({ options: { oasdiff: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
if (values.oasdiff === undefined) {
  console.error(USAGE);
  process.exit(values.help === true ? 0 : 2);
}
writeFileSync(PAGE, page(PAIRS, atlasVerdicts(PAIRS), oasdiffVerdicts(values.oasdiff, PAIRS), PEER));
