import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { outboxFiles } from '@atlas/templates/outbox';

/** The plumbing's migrations as the toolkit prints them, in a folder that lasts as long as the process. */
export function outboxFolder(): URL {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-outbox-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const service = {
    loc: { file: 'bookings.yaml', line: 1, column: 1, pointer: '' },
    name: 'bookings',
    sends: [],
    receives: [],
  };
  for (const { path, text } of outboxFiles(service)) writeFileSync(join(folder, path), text);
  return pathToFileURL(`${folder}/`);
}
