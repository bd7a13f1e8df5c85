import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unescapeToken } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { caseFolder, readTree } from './harness/caseFolder.ts';
import { caseRepository, noCompiling, toolkit } from './harness/repository.ts';

const run = promisify(execFile);
const tsc = join(toolkit, 'node_modules/.bin/tsc');

/** The output of a command, even if the command fails. */
async function output(command: string, args: readonly string[], cwd: string): Promise<string> {
  return run(command, [...args], { cwd }).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { stdout?: string; stderr?: string }) => `${error.stdout ?? ''}${error.stderr ?? ''}` || String(error),
  );
}

describe('generated code', () => {
  it.each([
    'bookings',
    'injection',
    'http-only',
    'events-only',
    'timers-and-effects',
    'avro-kinds',
    'avro-shapes',
    'foreign-client',
    'foreign-topic-read',
    'record-on-two-topics',
  ])('of %s compiles, with the code written against it', async (name) => {
    const repository = await caseRepository(name);
    try {
      expect(await output(tsc, ['-p', '.'], repository.folder)).toBe('');
    } finally {
      await repository.remove();
    }
  });

  it.each([
    'bookings',
    'injection',
    'http-only',
    'events-only',
    'timers-and-effects',
    'avro-kinds',
    'avro-shapes',
    'foreign-client',
  ])('of %s loads, and runs no text of a spec', async (name) => {
    const repository = await caseRepository(name);
    try {
      const modules = [...(await readTree(join(repository.folder, 'generated'))).keys()].filter((file) =>
        /(?<!\.d)\.[tj]s$/.test(file),
      );
      expect(modules.length).toBeGreaterThan(5);
      const program = [
        ...modules.map((file) => `await import(${JSON.stringify(`./generated/${file}`)});`),
        'console.log(globalThis.pwned === undefined ? "clean" : "pwned");',
      ].join('\n');
      expect(await output(process.execPath, ['--input-type=module', '--eval', program], repository.folder)).toBe(
        'clean\n',
      );
    } finally {
      await repository.remove();
    }
  });

  it.each([
    ['bookings', '@box-office/venues-contract'],
    ['injection', '@atlas/generated-shop'],
    ['http-only', '@atlas/generated-weather-desk'],
  ])('of %s serves its document, and compiles no schema when it starts', async (name, packageName) => {
    const repository = await caseRepository(name);
    try {
      const program = `
        import { createApp } from '@atlas/runtime/internal/http';
        import { promMetrics } from '@atlas/runtime/internal/metrics';
        import { contract } from '${packageName}';
        const handlers = Object.fromEntries(contract.operations.map(({ id }) => [id, async () => ({ status: 500 })]));
        const log = { ...console, child: () => log };
        const metrics = promMetrics(contract.service);
        const app = await createApp({ ...contract, handlers, metrics, plumbing: {}, authenticator: {}, log });
        const { statusCode, body } = await app.inject('/openapi.json');
        console.log(statusCode, JSON.stringify(JSON.parse(body)) === JSON.stringify(contract.document));`;
      const args = ['--import', noCompiling, '--input-type=module', '--eval', program];
      expect(await output(process.execPath, args, repository.folder)).toMatch(/^(.*\n)*200 true\n$/);
    } finally {
      await repository.remove();
    }
  });

  it('is short in files that people read', async () => {
    const files = [...(await readTree(join(toolkit, 'tools/atlas/test/cases/whole/bookings/expected')))];
    const read = files.filter(([file]) => /(operations|contract|index|on[A-Z]\w*|[a-z]+Booking)\.ts$/.test(file));
    expect(read.length).toBeGreaterThan(10);
    for (const [file, text] of read) expect(text.split('\n').length, file).toBeLessThan(150);
  });

  it.each(['bookings', 'http-only', 'events-only', 'timers-and-effects', 'avro-kinds', 'avro-shapes'])(
    'of %s begins with four lines that name a place in a spec',
    async (name) => {
      for (const [file, text] of await readTree(join(caseFolder(name), 'expected'))) {
        if (!/\.[tj]s$/.test(file)) continue;
        const [, path = '', pointer = ''] = HEADER.exec(text) ?? [];
        const spec: unknown = parse(await readFile(join(caseFolder(name), path), 'utf8'));
        expect(at(spec, pointer), `${path}#${pointer}, in the header of ${file}`).toBeDefined();
      }
    },
  );

  it('has short lines in compiled files, too, so that a diff shows what changed', async () => {
    const files = [...(await readTree(join(caseFolder('bookings'), 'expected')))];
    const compiled = files.filter(([file]) => /\/compiled\/\w+\.js$/.test(file));
    expect(compiled).toHaveLength(4);
    for (const [file, text] of compiled)
      expect(Math.max(...text.split('\n').map(({ length }) => length)), file).toBeLessThan(200);
  });
});

const HEADER =
  /^\/\/ Generated by atlas\. DO NOT EDIT\.\n\/\/ Source: ([^#\n]+)(?:#(\S*))?\n\/\/ Regenerate: npx atlas generate\n\n/;

/** The value that a JSON Pointer (RFC 6901) points at. */
function at(document: unknown, pointer: string): unknown {
  const keys = pointer.split('/').slice(1);
  return keys.reduce<unknown>((value, key) => Object(value)[unescapeToken(key)], document);
}
