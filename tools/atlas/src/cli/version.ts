import { readFileSync } from 'node:fs';

/** The toolkit's version, as its package.json says. */
export function toolkitVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'string')
    return value.version;
  throw new Error('package.json of atlas names no version');
}
