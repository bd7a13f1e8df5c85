import { fullFormats } from 'ajv-formats/dist/formats.js';
import { UUID } from '../../emit/http/configuredAjv.ts';

const FORMATS: ReadonlyMap<string, unknown> = new Map(Object.entries(fullFormats));

/** Texts that have a format: short ones and typical ones. */
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  date: ['2020-01-01', '1999-12-31'],
  'date-time': ['2020-01-01T00:00:00Z', '1999-12-31T23:59:59.5+01:00'],
  duration: ['P1D', 'PT1S'],
  email: ['a@b.cd', 'some.one@example.org'],
  hostname: ['a', 'example.org'],
  ipv4: ['127.0.0.1', '10.0.0.1'],
  ipv6: ['::1', '2001:db8::1'],
  'json-pointer': ['', '/a'],
  regex: ['', 'a', '^a+$'],
  time: ['00:00:00Z', '23:59:59+01:00'],
  uri: ['a:b', 'https://example.org/'],
  'uri-reference': ['', 'a', '/a', 'https://example.org/'],
  uuid: ['00000000-0000-4000-8000-000000000000', 'ffffffff-ffff-4fff-bfff-ffffffffffff'],
};

/**
 * Whether a text has a format, as generated validators decide; undefined for an unknown format or one of other types.
 */
export function hasFormat(format: string, text: string): boolean | undefined {
  if (format === 'uuid') return UUID.test(text);
  return judge(FORMATS.get(format), text);
}

/** Texts to try for a format, also of at least the given length if the format has long texts. */
export function samplesOf(format: string, length = 0): readonly string[] {
  const samples = SAMPLES[format] ?? [];
  if (length < 20 || length > LONGEST || !STRETCHED.has(format)) return samples;
  return [...samples, ...samples.map((text) => text + 'a'.repeat(Math.max(0, length - text.length)))];
}

const LONGEST = 10_000;
/** Formats that a sample usually keeps if letters are appended. The caller tests the result. */
const STRETCHED = new Set(['json-pointer', 'uri', 'uri-reference', 'regex', 'email']);

function judge(format: unknown, text: string): boolean | undefined {
  if (format instanceof RegExp) return new RegExp(format.source, format.flags.replace('g', '')).test(text);
  if (typeof format === 'function') return format(text) === true;
  if (typeof format !== 'object' || format === null || !('validate' in format)) return undefined;
  if ('type' in format && format.type === 'number') return undefined;
  return judge(format.validate, text);
}
