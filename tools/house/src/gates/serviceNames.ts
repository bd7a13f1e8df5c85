import { type Gate, matches } from './gate.ts';

const CATALOG = 'generated/catalog.json';

/**
 * Code that starts and deploys the services takes their names from `specs/atlas.config.yaml` and the catalog, so that a
 * new service needs no edit there. The rest of services/demo is a typed client of certain services, so it names them.
 */
export const serviceNames: Gate = {
  name: 'service names',
  run: ({ files, read }) => {
    if (!files.includes(CATALOG)) return { findings: [], note: 'there is no catalog' };
    const names = namesIn(read(CATALOG));
    if (names.length === 0) return { findings: [] };
    const spelled = spellingOf(names);
    return {
      findings: files.filter(isDerived).flatMap((file) =>
        [...matches(read(file), spelled)].map(({ line, match }) => ({
          file,
          line,
          message: `"${match}" names a service: take the services from the specs, with programsOf of tools/stack`,
        })),
      ),
    };
  },
};

function isDerived(file: string): boolean {
  return file === 'Makefile' || /^(tools\/stack|services\/demo\/src\/system)\/.*\.(ts|json)$/.test(file);
}

/**
 * Finds names in quotes, as a value, or as a part of a path, of a package name or of a topic name. Anywhere else, the
 * word is prose.
 */
function spellingOf(names: readonly string[]): RegExp {
  const name = `(?:${names.join('|')})(?![\\w-])`;
  return new RegExp(`['"\`=]${name}(?=['"\`\\s]|$)|\\b(?:services/|generated[/-]|service-|atlas\\.)${name}`, 'gm');
}

// The names in the catalog. The step "drift" reports a catalog that differs from what the toolkit writes.
function namesIn(text: string): readonly string[] {
  let catalog: unknown;
  try {
    catalog = JSON.parse(text);
  } catch {
    return [];
  }
  const services = isRecord(catalog) ? catalog['services'] : undefined;
  if (!Array.isArray(services)) return [];
  return services.flatMap((service: unknown) =>
    isRecord(service) && typeof service['name'] === 'string' ? [service['name']] : [],
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
