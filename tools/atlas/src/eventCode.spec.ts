import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Prints the address of each module that event code loads. */
const PROGRAM = `
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) });
  const { generateFiles } = await import('./tools/atlas/src/pipeline.ts');
  const { files } = await generateFiles('tools/bench/specs/events/atlas.config.yaml', () => {}, async () => new Map());
  if (!files?.some(({ path }) => path.includes('/events/'))) throw new Error('it makes no event code');
`;

test('event code loads no compiler of JSON Schema and no printer of TypeScript', async () => {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', PROGRAM], { maxBuffer: 10_000_000 });
  expect(stdout).toContain('/oxfmt/');
  const heavy = /\/(ajv\/dist\/(2020|core)|fast-json-stringify|openapi-typescript|typescript|refa|commander)\b.*/g;
  expect(stdout.match(heavy) ?? []).toEqual([]);
});
