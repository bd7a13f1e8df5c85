import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchSpecs } from './watchSpecs.ts';

let root: string;
let watching: { close(): void } | undefined;
/** The lists that were said. */
let said: (readonly string[])[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'atlas-specs-'));
  said = [];
  save('openapi/tickets.yaml', 'a: 1');
  save('avro/tickets/Sold.avsc', '{}');
  generate({ 'openapi/tickets.yaml': 'a: 1', 'avro/tickets/Sold.avsc': '{}' });
});
afterEach(() => {
  watching?.close();
  rmSync(root, { recursive: true, force: true });
});

const begin = (): void => {
  watching = watchSpecs(root, (newer) => said.push(newer));
};

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  // as editors do that never leave half of a file: another file replaces it
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function save(file: string, text: string): void {
  put(join(root, 'specs', file), text);
}

/** Writes the manifest of code that was made from these specs. */
function generate(specs: Readonly<Record<string, string>>): void {
  const inputs = Object.entries(specs).map(([file, text]) => [file, createHash('sha256').update(text).digest('hex')]);
  put(join(root, 'generated/manifest.json'), JSON.stringify({ inputs: Object.fromEntries(inputs) }));
}

const lists = () => said;
const PATIENCE = { timeout: 10_000 };

describe('the watch of specs', () => {
  it('says nothing while the generated code is of these specs', async () => {
    begin();
    save('openapi/tickets.yaml', 'a: 1');
    save('notes.txt', 'not read by anything');
    save('avro/tickets/Sold.avsc', '{ }');
    await expect.poll(lists, PATIENCE).toEqual([['avro/tickets/Sold.avsc']]);
  });

  it('says once per save which specs are newer, and when the code is generated', async () => {
    begin();
    save('openapi/tickets.yaml', 'a: 2');
    await expect.poll(lists, PATIENCE).toEqual([['openapi/tickets.yaml']]);
    save('openapi/tickets.yaml', 'a: 3');
    save('avro/tickets/Sold.avsc', '{ }');
    const both = ['openapi/tickets.yaml', 'avro/tickets/Sold.avsc'];
    await expect.poll(lists, PATIENCE).toEqual([['openapi/tickets.yaml'], both]);
    generate({ 'openapi/tickets.yaml': 'a: 3', 'avro/tickets/Sold.avsc': '{ }' });
    await expect.poll(lists, PATIENCE).toEqual([['openapi/tickets.yaml'], both, []]);
  });

  it('says it at once if the code was old before', () => {
    save('openapi/tickets.yaml', 'a: 2');
    begin();
    expect(said).toEqual([['openapi/tickets.yaml']]);
  });

  it('sees a spec in a folder that was replaced', async () => {
    begin();
    renameSync(join(root, 'specs/avro'), join(root, 'specs/old'));
    await expect.poll(lists, PATIENCE).toEqual([['avro/tickets/Sold.avsc']]);
    save('avro/tickets/Sold.avsc', '{}');
    await expect.poll(lists, PATIENCE).toEqual([['avro/tickets/Sold.avsc'], []]);
    save('avro/tickets/Sold.avsc', '{ }');
    await expect.poll(lists, PATIENCE).toEqual([['avro/tickets/Sold.avsc'], [], ['avro/tickets/Sold.avsc']]);
  });
});
