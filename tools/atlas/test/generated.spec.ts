import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { unescapeToken } from '@atlas/ir';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { caseFolder, readTree } from './harness/caseFolder.ts';
import { caseRepository, configureTypes, noCompiling, toolkit } from './harness/repository.ts';

const run = promisify(execFile);
const tsc = join(toolkit, 'node_modules/.bin/tsc');

/** The output of a command, even if the command fails. */
async function output(command: string, args: readonly string[], cwd: string): Promise<string> {
  return run(command, [...args], { cwd }).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { stdout?: string; stderr?: string }) => `${error.stdout ?? ''}${error.stderr ?? ''}` || String(error),
  );
}

const COMPILED = [
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
];

describe('generated code, with the code written against it,', () => {
  /** What tsc prints about all repositories. One program reads the runtime and the types of Node only once. */
  let printed: readonly string[];
  /** The names of the cases by the names of their folders. */
  const folders = new Map<string, string>();
  beforeAll(async () => {
    const parent = await mkdtemp(join(tmpdir(), 'atlas-compiled-'));
    try {
      for (const name of COMPILED) folders.set(basename((await caseRepository(name, parent)).folder), name);
      await configureTypes(parent, ['*/generated', '*/app']);
      const text = await output(tsc, ['-p', '.', '--pretty', 'false'], parent);
      printed = text.trimEnd() === '' ? [] : text.trimEnd().split(/\n(?! )/);
    } finally {
      await rm(parent, { recursive: true, force: true });
    }
  });
  const caseOf = (line: string): string | undefined => folders.get(line.split('/')[0] ?? '');

  it.each(COMPILED)('of %s compiles', (name) => {
    expect(printed.filter((line) => caseOf(line) === name)).toEqual([]);
  });

  it('compiles without an error in any other place', () => {
    expect(printed.filter((line) => caseOf(line) === undefined)).toEqual([]);
  });
});

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
