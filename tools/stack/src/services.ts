import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { isRecord, parseJson } from './json.ts';

/**
 * Every stack has these too: a sender and a reader for the toolkit's own tests, which know none of a repository's
 * services. (Users of the broker cannot be added while it runs.)
 */
export const TEST_SERVICES = ['bookings', 'offices'] as const;

/** The services of a repository: those of generated/catalog.json and those of specs/atlas.config.yaml together, sorted. */
export function servicesOf(root: string): readonly string[] {
  const names = new Set([
    ...fromCatalog(join(root, 'generated/catalog.json')),
    ...fromConfig(join(root, 'specs/atlas.config.yaml')),
  ]);
  return [...names].sort();
}

/**
 * A service's name as a part of role, database and user names. Names are kebab case, at most 60 characters; what is
 * none is refused, since the name goes into SQL and into the broker's settings.
 */
export function checkServiceName(name: string): string {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 57 && name !== 'admin' && name !== 'broker')
    return name;
  throw new Error(
    `"${name}" cannot be a service's name: use kebab case, at most 57 characters, not "admin" or "broker"`,
  );
}

function fromCatalog(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const catalog = parseJson(readFileSync(file, 'utf8'));
  const services = isRecord(catalog) && Array.isArray(catalog['services']) ? catalog['services'] : [];
  return services.flatMap((service: unknown) =>
    isRecord(service) && typeof service['name'] === 'string' ? [service['name']] : [],
  );
}

// Only the names are wanted, so a config with an error elsewhere still starts a stack: `atlas check` is there to judge it.
function fromConfig(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const document: unknown = parseDocument(readFileSync(file, 'utf8')).toJS();
  const services = isRecord(document) ? document['services'] : undefined;
  return isRecord(services) ? Object.keys(services) : [];
}
