import type { BreakingFinding } from '../finding.ts';
import type { CompareOptions } from '../schemas.ts';
import { openapiOf, shownPath, type Side } from '../sides/side.ts';
import { apiOf } from './api.ts';
import { Callers } from './callers/callers.ts';
import { compareHttp } from './compareHttp.ts';

export interface ServicesReport {
  readonly findings: readonly BreakingFinding[];
  /** The documents that were compared, as the report shows them. */
  readonly compared: readonly string[];
  /** What differs and was not compared. */
  readonly notCompared: readonly string[];
}

/**
 * Compares the OpenAPI documents of all services, and those of the outside systems that they call. Throws a
 * `UsageError` if one is not an OpenAPI document that can be compared.
 */
export async function compareServices(old: Side, next: Side, options: CompareOptions): Promise<ServicesReport> {
  const findings: BreakingFinding[] = [];
  const compared: string[] = [];
  const notCompared: string[] = [];
  const callers = new Callers([old, next]);
  const { services } = next.workspace.config;
  for (const { name, openapi } of old.workspace.config.services) {
    if (openapi === undefined) continue;
    const before = openapiOf(old, openapi);
    const now = services.find((service) => service.name === name)?.openapi;
    const after = now === undefined ? { ...before, document: {} } : openapiOf(next, now);
    const found = compareHttp(before, after, name, options);
    findings.push(...(await callers.withCallers(found.findings, apiOf(before), clientsOf(old, name, openapi))));
    notCompared.push(...found.notCompared);
    compared.push(now === undefined ? shownPath(old, openapi) : shownPath(next, now));
  }
  for (const { title, before, after, users } of outsideSystems(old, next)) {
    const found = compareHttp(openapiOf(old, before), openapiOf(next, after), title, options);
    findings.push(...found.findings.map((finding) => ofOutsideSystem(finding, users)));
    notCompared.push(...found.notCompared);
    compared.push(shownPath(next, after));
  }
  return { findings, compared: [...new Set(compared)], notCompared };
}

/** The modules of the generated clients of a service: its own, and those of the services that name the document. */
function clientsOf({ workspace: { config } }: Side, service: string, document: string): readonly string[] {
  const packageOf = (name: string): string => config.packageName.replaceAll('{service}', name);
  const others = config.services.flatMap(({ name, clients }) =>
    clients.filter((one) => one.document === document).map((one) => `${packageOf(name)}/clients/${one.name}`),
  );
  return [`${packageOf(service)}/client`, ...others];
}

interface OutsideSystem {
  /** Distinguishes its document in fingerprints. */
  readonly title: string;
  readonly before: string;
  readonly after: string;
  /** Services that have the client in both versions. */
  readonly users: readonly string[];
}

/** The documents of `clients`, each pair once. A service that no longer has a client sends nothing that can fail. */
function outsideSystems(old: Side, next: Side): readonly OutsideSystem[] {
  const own = new Set(old.workspace.config.services.flatMap(({ openapi }) => openapi ?? []));
  const found = new Map<string, OutsideSystem>();
  for (const { name: service, clients } of old.workspace.config.services) {
    const now = next.workspace.config.services.find(({ name }) => name === service)?.clients ?? [];
    for (const { name, document } of clients) {
      const same = now.find((client) => client.name === name);
      // A document of a service of this configuration is compared with that service.
      if (!same || own.has(document)) continue;
      const key = `${document}\0${same.document}`;
      const known = found.get(key);
      const users = [...new Set([...(known?.users ?? []), service])].toSorted();
      found.set(key, { title: known?.title ?? `client ${name}`, before: document, after: same.document, users });
    }
  }
  return [...found.values()];
}

/** Nobody here can make the outside system wait, so the safe path is in the services that call it. */
function ofOutsideSystem(finding: BreakingFinding, users: readonly string[]): BreakingFinding {
  const who = users.join(' and ');
  const safePath = [
    `let ${who} work with both versions of the outside system, and deploy that first`,
    'wait until the outside system has the new version everywhere',
    'remove what only the old version needs',
  ];
  return { ...finding, consumers: users, ...(finding.safePath ? { safePath } : {}) };
}
