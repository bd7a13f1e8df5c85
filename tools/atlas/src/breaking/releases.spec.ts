import { describe, expect, it } from 'vitest';
import { releasesAfter, withReleases } from './releases.ts';

describe('the releases after version', () => {
  it.each([
    ['1.4.2', '1.5.0', '2.0.0'],
    ['v3', '3.1.0', '4.0.0'],
    ['2.1', '2.2.0', '3.0.0'],
    ['0.4.1', '0.4.2', '0.5.0'],
    ['1.0.0-beta.2+7', '1.1.0', '2.0.0'],
  ])('%s are %s, which only adds, and %s, which may break', (version, adding, breaking) => {
    expect(releasesAfter({ info: { version } })).toEqual({ adding, breaking });
  });

  it.each(['2027-01-31', 'next', '1.2.3.4', '99999999999', undefined])('%s are described in words', (version) => {
    const document = version === undefined ? {} : { info: { version } };
    expect(releasesAfter(document)).toEqual({ adding: 'the next version', breaking: 'a later version' });
  });
});

describe('the last of some steps', () => {
  it('names the releases of a document, and uses words for a schema that has none', () => {
    expect(withReleases(['remove it'], { info: { version: '1.4.2' } }).at(-1)).toBe(
      'release the last of these steps as 2.0.0, and those before it as 1.5.0',
    );
    expect(withReleases(['remove it'], {}).at(-1)).toBe(
      'release the last of these steps as a later version, and those before it as the next version',
    );
  });
});
