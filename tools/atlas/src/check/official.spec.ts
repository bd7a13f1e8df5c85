import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caseFolder } from '../../test/harness/caseFolder.ts';
import { specFolder } from '../../test/support/specFolder.ts';
import { checkOfficial } from './official.ts';

const clean = `${caseFolder('clean-two-services')}/specs/`;

// What they accept of the specs and case folders is a step of `make check` (tools/house/src/official).
describe('the official tools', () => {
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
});
