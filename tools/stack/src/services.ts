import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { isRecord, parseJson } from './json.ts';

/**
 * Services that every stack has: a sender and a reader for the toolkit's own tests, which do not use the repository's
 * services. Users of the broker cannot be added while it runs.
 */
export const TEST_SERVICES = ['bookings', 'offices'] as const;

/** The services of a repository: those of specs/atlas.config.yaml in its order, then others of the catalog. */
export function servicesOf(root: string): readonly string[] {
  const names = new Set([...fromConfig(root), ...fromCatalog(join(root, 'generated/catalog.json'))]);
  return [...names];
}

/** `toxicRoles` of specs/atlas.config.yaml: sets of roles that nobody may have together. */
export function toxicRolesOf(root: string): readonly (readonly string[])[] {
  const sets = configOf(root)['toxicRoles'];
  return Array.isArray(sets) ? sets.map((set: unknown) => (Array.isArray(set) ? set.map(String) : [])) : [];
}

/**
 * Returns the name if roles, databases and users can be named after it: kebab case, at most 57 characters. Throws
 * otherwise, because the name becomes part of SQL and of the broker's settings.
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

// Only the names are needed, so a stack starts even if the configuration has errors; `atlas check` reports them.
function fromConfig(root: string): readonly string[] {
  const { services } = configOf(root);
  return isRecord(services) ? Object.keys(services) : [];
}

/** Whether the configuration of a repository has a gateway in front of its services. */
export function hasGateway(root: string): boolean {
  return isRecord(configOf(root)['gateway']);
}

function configOf(root: string): Readonly<Record<string, unknown>> {
  const file = join(root, 'specs/atlas.config.yaml');
  if (!existsSync(file)) return {};
  const document: unknown = parseDocument(readFileSync(file, 'utf8')).toJS();
  return isRecord(document) ? document : {};
}
