// Run as: node atlas.js <configuration> <output folder>. Writes the event files that the toolkit generates. Like the
// generator's program beside it, it is not TypeScript, because removing types would take memory, which is measured.
import { mkdir, writeFile } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { printUsage } from '../printUsage.js';

// The same as in the command line.
enableCompileCache();
const { generateFiles } = await import('../../../atlas/src/pipeline.ts');
const [config, out] = process.argv.slice(2);
const { files = [] } = await generateFiles(
  config,
  () => {},
  async () => new Map(),
);
for (const { path, text } of files) {
  const [, family, ...rest] = path.split('/');
  if (family !== 'events' && family !== 'outbox') continue;
  const file = join(out, family, ...rest);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
printUsage();
