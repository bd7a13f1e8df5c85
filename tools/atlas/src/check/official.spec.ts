import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { caseFolder, caseNames } from '../../test/harness/caseFolder.ts';
import { specFolder } from '../../test/support/specFolder.ts';
import { load } from '../load/index.ts';
import { checkOfficial } from './index.ts';

const clean = `${caseFolder('clean-two-services')}/specs/`;
const specs = fileURLToPath(new URL('../../../../specs/', import.meta.url));
const folders = [
  ...caseNames.filter((name) => !name.startsWith('bad-')).map((name) => `${caseFolder(name)}/specs/`),
  specs,
].filter((folder) => existsSync(`${folder}atlas.config.yaml`));

describe('the official tools', () => {
  it.each(folders)('accept what Atlas accepts: %s', async (folder) => {
    const { workspace } = await load(`${folder}atlas.config.yaml`);
    expect(workspace && (await checkOfficial(workspace))).toEqual([]);
  });

  it('report what they refuse', async () => {
    const read = (file: string): string => readFileSync(`${clean}${file}`, 'utf8');
    await using folder = await specFolder({
      'atlas.config.yaml':
        'version: 1\nservices: { bookings: { openapi: openapi/bookings.yaml }, seats: { asyncapi: common.yaml } }\n',
      'openapi/bookings.yaml': read('openapi/bookings.yaml').replace('summary: Book seats.', 'sumary: Book seats.'),
      'openapi/common.yaml': read('openapi/common.yaml'),
      'common.yaml': 'asyncapi: 3.0.0\ninfo: { title: Seats }\n',
    });
    const found = await checkOfficial(await folder.workspace());
    expect(found.map(({ code, loc }) => `${code} ${loc.file}:${loc.line}`)).toEqual([
      'ATL2090 openapi/bookings.yaml:7',
      'ATL3090 common.yaml:2',
    ]);
  });
}, 30_000);
