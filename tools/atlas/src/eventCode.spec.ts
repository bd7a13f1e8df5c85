import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it, describe } from 'vitest';

/** The address of each module that a function of the pipeline loads for a configuration. */
async function loadedBy(call: string): Promise<readonly string[]> {
  const program = `
    import { registerHooks } from 'node:module';
    registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) });
    const { checkSpecs, generateFiles } = await import('./tools/atlas/src/pipeline.ts');
    const { diagnostics } = await ${call};
    if (diagnostics.length > 0) throw new Error('there are findings');
  `;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { maxBuffer: 10_000_000 });
  return stdout.split('\n');
}

const matching = (loaded: readonly string[], pattern: RegExp): readonly string[] =>
  loaded.filter((url) => pattern.test(url));

describe('the code of an AsyncAPI document', async () => {
  const loaded = await loadedBy(
    "generateFiles('tools/bench/specs/events/atlas.config.yaml', () => {}, async () => new Map())",
  );

  it('loads no compiler of JSON Schema and no printer of TypeScript', () => {
    expect(matching(loaded, /\/oxfmt\//)).not.toEqual([]);
    const heavy = /\/(ajv\/dist\/(2020|core)|fast-json-stringify|openapi-typescript|typescript|refa|commander)\b/;
    expect(matching(loaded, heavy)).toEqual([]);
  });

  it('loads nothing that only OpenAPI documents, timers or a gateway need', () => {
    expect(matching(loaded, /\/rules\/asyncapi\//)).not.toEqual([]);
    const others =
      /\/(rules\/openapi|emit\/http|model\/(http|gateway)|templates\/(client|foreign|gateway|http|later))\//;
    expect(matching(loaded, others)).toEqual([]);
  });
});

describe('the check of an OpenAPI document', () => {
  it('loads nothing that only AsyncAPI documents need', async () => {
    const loaded = await loadedBy("checkSpecs('tools/bench/specs/atlas.config.yaml', () => {})");
    expect(matching(loaded, /\/rules\/openapi\//)).not.toEqual([]);
    expect(matching(loaded, /\/rules\/(asyncapi|avro)\//)).toEqual([]);
  });
});
