import { posix } from 'node:path';
import { isObject } from '@atlas/ir';
import { compareTables } from './db/compareTables.ts';
import { compareHttp } from './http/compareHttp.ts';
import type { BreakingFinding, BreakingReport, Severity } from './finding.ts';
import type { CompareOptions } from './schemas.ts';
import { openapiOf, sourcesOf, type Side } from './sides/side.ts';
import type { Version } from './sides/version.ts';

/** Compares one document of each side. Throws a `UsageError` if a document is of a kind that can't be compared. */
export function compareDocuments(
  old: Side & { readonly file: string },
  next: Side & { readonly file: string },
  options: CompareOptions,
): BreakingReport {
  const [before, after] = [openapiOf(old, old.file), openapiOf(next, next.file)];
  const findings = compareHttp(before, after, '', options);
  const notCompared = [...new Set([...untouched(before), ...untouched(after)])];
  return reportOf(old, next, findings, { compared: [posix.join(next.folder, next.file)], notCompared }, options);
}

/** Compares all documents that two configurations name, service by service. */
export async function compareRepositories(old: Side, next: Side, options: CompareOptions): Promise<BreakingReport> {
  const findings: BreakingFinding[] = [];
  const compared: string[] = [];
  const notCompared = new Set(missing(old));
  const sources = new Map<string, string>();
  for (const { name } of old.workspace.config.services) {
    const tables = await compareTables(old, next, name);
    findings.push(...tables.findings);
    compared.push(...tables.compared);
    for (const [file, text] of tables.sources) sources.set(file, text);
  }
  const { services } = next.workspace.config;
  for (const { name, openapi } of old.workspace.config.services) {
    if (openapi === undefined) continue;
    const before = openapiOf(old, openapi);
    const now = services.find((service) => service.name === name)?.openapi;
    const after = now === undefined ? { ...before, document: {} } : openapiOf(next, now);
    findings.push(...compareHttp(before, after, name, options));
    for (const part of [...untouched(before), ...untouched(after)]) notCompared.add(part);
    compared.push(now === undefined ? posix.join(old.folder, openapi) : posix.join(next.folder, now));
  }
  const report = reportOf(old, next, findings, { compared, notCompared: [...notCompared] }, options);
  return { ...report, sources: new Map([...report.sources, ...sources]) };
}

/** The parts of a repository that are not compared yet. */
function missing({ workspace }: Side): readonly string[] {
  const hasEvents = workspace.config.services.some(({ asyncapi }) => asyncapi !== undefined);
  return hasEvents ? ['AsyncAPI documents', 'Avro schemas'] : [];
}

/** The parts of an OpenAPI document that are not compared yet, if it has them. */
function untouched({ document }: Version): readonly string[] {
  const operations = [document['paths'], document['webhooks']].flatMap((paths) =>
    Object.values(isObject(paths) ? paths : {}).flatMap((item) => Object.values(isObject(item) ? item : {})),
  );
  return [
    ...(isObject(document['webhooks']) ? ['webhooks'] : []),
    ...(operations.some((operation) => isObject(operation) && isObject(operation['callbacks'])) ? ['callbacks'] : []),
  ];
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function reportOf(
  old: Side,
  next: Side,
  findings: readonly BreakingFinding[],
  what: Pick<BreakingReport, 'compared' | 'notCompared'>,
  { strict = false }: CompareOptions,
): BreakingReport {
  const place = ({ old: before, new: after }: BreakingFinding): string => {
    const { file, line, column } = after ?? before ?? { file: '', line: 0, column: 0 };
    return `${file} ${String(line).padStart(9, '0')} ${String(column).padStart(9, '0')}`;
  };
  const sorted = findings.toSorted(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      place(a).localeCompare(place(b), 'en') ||
      (a.fingerprint < b.fingerprint ? -1 : 1),
  );
  return { findings: sorted, ...what, strict, sources: new Map([...sourcesOf(old), ...sourcesOf(next)]) };
}
