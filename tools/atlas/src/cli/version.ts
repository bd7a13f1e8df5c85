import { readFileSync } from 'node:fs';

/** The version of the toolkit, from its package.json. */
export function toolkitVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'string')
    return value.version;
  throw new Error('package.json of atlas has no version');
}
