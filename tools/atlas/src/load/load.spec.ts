import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { load, type LoadResult } from './load.ts';

const CONFIG = 'version: 1\nservices: { bookings: { openapi: a.yaml } }\n';
const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-load-'));
  folders.push(folder);
  for (const [file, text] of Object.entries({ 'specs/atlas.config.yaml': CONFIG, ...files })) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}

async function loaded(files: Readonly<Record<string, string | Uint8Array>>): Promise<LoadResult> {
  return load(join(await folderWith(files), 'specs/atlas.config.yaml'));
}

const places = ({ diagnostics }: LoadResult): string[] =>
  diagnostics.map(({ code, loc }) => `${code} ${loc.file}:${loc.line}:${loc.column}`);

describe('a document', () => {
  it('may have as many problems and values as the limit of values allows', async () => {
    const count = 200_000; // more than the arguments that fit on the stack
    const config = 'version: 1\nservices: { bookings: { openapi: a.json } }\n';
    const members = '"a":1,'.repeat(count);
    const { diagnostics } = await loaded({
      'specs/atlas.config.yaml': config,
      'specs/a.json': `{${members}"list":[${'{},'.repeat(count)}{}]}`,
    });
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['ATL1104']));
    expect(diagnostics).toHaveLength(count - 1);
  });
});

describe('references', () => {
  it('are followed within a file, across files, and in the middle of a pointer', async () => {
    const { workspace, diagnostics } = await loaded({
      'specs/a.yaml': "x: { $ref: 'b/b.yaml#/list/1/y/z' }\nlocal: { $ref: '#/x' }\n",
      'specs/b/b.yaml': "list: [{}, { y: { $ref: '../c.json#/deep' } }]\n",
      'specs/c.json': '{ "deep": { "z": { "found": true } } }',
    });
    expect(diagnostics).toEqual([]);
    const found = workspace?.documents.get('a.yaml')?.at('local', 'found');
    expect(found?.value).toBe(true);
    expect(found?.loc).toEqual({ file: 'c.json', line: 1, column: 20, pointer: '/deep/z/found' });
    const local = workspace?.documents.get('a.yaml')?.get('local');
    expect(local?.via).toEqual({ ref: '#/x', loc: { file: 'a.yaml', line: 2, column: 16, pointer: '/local' } });
  });

  it('may contain escapes and percent signs', async () => {
    const { workspace, diagnostics } = await loaded({
      'specs/a.yaml': "'/v1/{id}': { 'a~b': { ok: 1 } }\nr: { $ref: '#/~1v1~1%7Bid%7D/a~0b' }\n",
    });
    expect(diagnostics).toEqual([]);
    expect(workspace?.documents.get('a.yaml')?.at('r', 'ok')?.number()).toBe(1);
  });

  it('in examples and below names are not references', async () => {
    const examples = "examples: [{ $ref: '#/no' }]\nvalue: { $ref: '#/no' }\n";
    expect(places(await loaded({ 'specs/a.yaml': examples }))).toEqual([]);
    const text =
      "example: { $ref: nowhere }\nproperties: { default: { $ref: '#/example2' }, $ref: { type: string } }\n";
    expect(places(await loaded({ 'specs/a.yaml': text }))).toEqual(['ATL1110 a.yaml:2:32']);
  });

  it('that lead nowhere are reported once each', async () => {
    const refs = [
      '#/nope',
      'missing.yaml',
      '//host/x',
      'http://host/x',
      '/etc/hosts',
      '../../x',
      '#anchor',
      '#/%zz',
      '#/a~2',
      '.',
    ];
    const result = await loaded({
      'specs/a.yaml': refs.map((ref, index) => `r${index}: { $ref: '${ref}' }\n`).join(''),
    });
    expect(places(result)).toEqual([
      'ATL1101 a.yaml:2:13',
      'ATL1101 a.yaml:10:13',
      'ATL1110 a.yaml:1:13',
      'ATL1113 a.yaml:3:13',
      'ATL1113 a.yaml:4:13',
      'ATL1112 a.yaml:5:13',
      'ATL1112 a.yaml:6:13',
      'ATL1110 a.yaml:7:13',
      'ATL1110 a.yaml:8:13',
      'ATL1110 a.yaml:9:13',
    ]);
  });

  it('that are circular are found, also in the middle of a pointer', async () => {
    const text = "a: { $ref: '#/b' }\nb: { $ref: '#/a' }\nc: { $ref: '#/c/d' }\ne: { f: { $ref: '#/e' } }\n";
    expect(places(await loaded({ 'specs/a.yaml': text }))).toEqual([
      'ATL1111 a.yaml:1:12',
      'ATL1111 a.yaml:2:12',
      'ATL1111 a.yaml:3:12',
    ]);
  });
});

describe('the path of a configured document', () => {
  it('is read as it is written, without URI escapes, and normalized', async () => {
    const { workspace, diagnostics } = await loaded({
      'specs/atlas.config.yaml': "version: 1\nservices: { bookings: { openapi: './api/../50%20#1.yaml' } }\n",
      'specs/50%20#1.yaml': 'openapi: 3.1.0\n',
    });
    expect(diagnostics).toEqual([]);
    expect(workspace?.documents.get(workspace.config.services[0]?.openapi ?? '')?.get('openapi')?.value).toBe('3.1.0');
  });
});

describe('files', () => {
  it('that lead out of the folder through a link are refused', async () => {
    const folder = await folderWith({ 'secret.yaml': 'a: 1' });
    await symlink('../secret.yaml', join(folder, 'specs/a.yaml'));
    expect(places(await load(join(folder, 'specs/atlas.config.yaml')))).toEqual(['ATL1101 atlas.config.yaml:2:34']);
  });

  it('that are links in a circle are refused', async () => {
    const folder = await folderWith({});
    await symlink('a.yaml', join(folder, 'specs/a.yaml'));
    const { diagnostics } = await load(join(folder, 'specs/atlas.config.yaml'));
    expect(diagnostics.map(({ message }) => message)).toEqual(['file "a.yaml" is a link that leads back to itself']);
  });

  it('that are pipes, folders or not UTF-8 are refused without waiting', async () => {
    const folder = await folderWith({ 'specs/b.yaml/x': '', 'specs/c.yaml': Uint8Array.of(0x61, 0xff) });
    execFileSync('mkfifo', [join(folder, 'specs/d.yaml')]);
    await writeFile(join(folder, 'specs/a.yaml'), '[{ $ref: b.yaml }, { $ref: c.yaml }, { $ref: d.yaml }]');
    const { diagnostics } = await load(join(folder, 'specs/atlas.config.yaml'));
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'file "b.yaml" is not a file',
      'file "c.yaml" is not UTF-8 text',
      'file "d.yaml" is not a file',
    ]);
  });

  it('that are too big are not read', async () => {
    const result = await loaded({ 'specs/a.yaml': `a: ${'x'.repeat(16 * 1024 * 1024)}` });
    expect(result.diagnostics.map(({ message }) => message)).toEqual(['file "a.yaml" is bigger than 16 MiB']);
  });

  it('may start with a byte order mark and end lines as Windows does', async () => {
    const { workspace, diagnostics } = await loaded({ 'specs/a.yaml': '\ufeffa: 1\r\nb: { c: 2 }\r\n' });
    expect(diagnostics).toEqual([]);
    expect(workspace?.documents.get('a.yaml')?.at('b', 'c')?.loc).toMatchObject({ line: 2, column: 6 });
  });

  it('below avro/ are read too', async () => {
    const { workspace } = await loaded({
      'specs/a.yaml': '{}',
      'specs/avro/x/y/Z.avsc': '{}',
      'specs/avro/note.txt': '',
    });
    expect([...(workspace?.documents.keys() ?? [])]).toEqual(['atlas.config.yaml', 'a.yaml', 'avro/x/y/Z.avsc']);
  });
});

describe('the configuration', () => {
  it('has defaults', async () => {
    const { workspace } = await loaded({ 'specs/a.yaml': '{}' });
    expect(workspace?.config).toMatchObject({
      out: '../generated',
      dlq: 'atlas.{service}.dlq.v1',
      packageName: '@atlas/generated-{service}',
      services: [{ name: 'bookings', openapi: 'a.yaml' }],
    });
  });

  it('that is missing or empty gives no workspace', async () => {
    expect((await load('/nowhere/atlas.config.yaml')).workspace).toBeUndefined();
    const empty = await loaded({ 'specs/atlas.config.yaml': '# nothing\n' });
    expect(empty.workspace).toBeUndefined();
    expect(places(empty)).toEqual(['ATL1103 atlas.config.yaml:1:1']);
  });
});
