import { isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { membersOf, type ApiDocument } from './apiDocument.ts';
import { withNames, type Renamed } from './withNames.ts';

/** What has a name in the documents of all services, by `section/name` and by service. */
type ByName = ReadonlyMap<string, ReadonlyMap<string, JsonValue>>;

/**
 * Finds the names that mean different things in two documents, and puts the name of their service before them:
 * `seats.Error`. A component that refers to such a name, directly or through others, also differs between the services.
 */
export function keptApart(apis: readonly ApiDocument[]): { of(service: string): Renamed } {
  const byName = membersByName(apis);
  const shared = new Map([...byName].filter(([, services]) => services.size > 1));
  const apart = new Set([...shared].filter(([, services]) => differs(services.values())).map(([key]) => key));
  for (let before = -1; before !== apart.size;) {
    before = apart.size;
    for (const [key, services] of shared)
      if (!apart.has(key) && [...services.values()].some((value) => refersTo(key, value, apart))) apart.add(key);
  }
  const renamed = new Map<string, string>();
  const taken = new Set(byName.keys());
  for (const key of [...apart].toSorted())
    for (const service of byName.get(key)?.keys() ?? []) {
      const [section, name] = splitKey(key);
      let next = `${service}.${name}`;
      for (let count = 2; taken.has(`${section}/${next}`); count++) next = `${service}.${name}_${count}`;
      taken.add(`${section}/${next}`);
      renamed.set(`${service} ${key}`, next);
    }
  return { of: (service) => ({ of: (section, name) => renamed.get(`${service} ${section}/${name}`) ?? name }) };
}

function membersByName(apis: readonly ApiDocument[]): ByName {
  const byName = new Map<string, Map<string, JsonValue>>();
  for (const { service, document } of apis) {
    const add = (section: string, name: string, value: JsonValue): void => {
      const key = `${section}/${name}`;
      byName.set(key, (byName.get(key) ?? new Map<string, JsonValue>()).set(service, value));
    };
    for (const [section, members] of membersOf(document['components']))
      for (const [name, member] of membersOf(members)) add(section, name, member);
    const tags = document['tags'];
    for (const tag of isList(tags) ? tags : [])
      if (isObject(tag) && typeof tag['name'] === 'string') add('tags', tag['name'], tag);
    // two operations are never the same
    for (const id of operationIds(document)) add('operationIds', id, service);
  }
  return byName;
}

function operationIds(document: JsonObject): readonly string[] {
  return membersOf(document['paths'])
    .flatMap(([, item]) => membersOf(item))
    .flatMap(([, operation]) => {
      const id = isObject(operation) ? operation['operationId'] : undefined;
      return typeof id === 'string' ? [id] : [];
    });
}

function differs(values: Iterable<JsonValue>): boolean {
  return new Set([...values].map((value) => JSON.stringify(value))).size > 1;
}

/** Whether a component refers to one of the names, which is known from the names that its references look up. */
function refersTo(key: string, value: JsonValue, names: ReadonlySet<string>): boolean {
  const [section, name] = splitKey(key);
  let found = false;
  const spy: Renamed = {
    of: (where, asked) => {
      if (names.has(`${where}/${asked}`)) found = true;
      return asked;
    },
  };
  withNames({ basePath: '', document: { components: { [section]: { [name]: value } } } }, spy);
  return found;
}

function splitKey(key: string): readonly [string, string] {
  const at = key.indexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}
