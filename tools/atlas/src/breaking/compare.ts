import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../diagnostics/usageError.ts';
import type { AtlasConfig } from '../document/workspace.ts';
import { avroOf, compareAvroFiles } from './avro/avroFile.ts';
import { isTransitive, readingsOf, type Mode } from '../read/avro/levels.ts';
import type { Change } from './changelog/change.ts';
import { documentChanges } from './changelog/documentChanges.ts';
import { mergedDrafts } from './draft.ts';
import { compareTables } from './db/compareTables.ts';
import { compareEvents } from './events/compareEvents.ts';
import { compareHttp } from './http/compareHttp.ts';
import { compareServices } from './http/compareServices.ts';
import type { BreakingFinding, BreakingReport, Severity } from './finding.ts';
import type { CompareOptions } from './schemas.ts';
import { compareJsonSchemas, jsonSchemaOf } from './jsonSchemaFile.ts';
import { checkAsyncapi, kindOf, openapiOf, shownPath, sourcesOf, type FileSide, type Side } from './sides/side.ts';

export interface FileOptions extends CompareOptions {
  /** Who reads what: for Avro and JSON Schema, and for payloads of AsyncAPI. The default depends on the kind. */
  readonly mode?: Mode;
}

/**
 * Compares a document with the old one, or with several old ones, oldest first: all of them in a transitive mode, else
 * the last. Throws a `UsageError` if they are not of one kind that can be compared, and an `UnusableSide` if the
 * schemas of one have errors.
 */
export function compareDocuments(olds: readonly FileSide[], next: FileSide, options: FileOptions): BreakingReport {
  const last = olds.at(-1) ?? next;
  const report = compareKind(olds, next, options);
  return { ...report, changes: () => documentChanges(last, next, [[last.file, next.file]]) };
}

function compareKind(olds: readonly FileSide[], next: FileSide, options: FileOptions): BreakingReport {
  const { mode } = options;
  const kind = kindOf(next);
  for (const old of olds) {
    const { name } = kindOf(old);
    if (name !== kind.name)
      throw new UsageError(
        `${shownPath(old, old.file)} is ${name}, but ${shownPath(next, next.file)} is ${kind.name}; name two versions of one document`,
      );
  }
  const used = mode ?? 'BACKWARD';
  const compared = { compared: [shownPath(next, next.file)], notCompared: [] };
  const before = mode !== undefined && isTransitive(mode) ? olds.toReversed() : olds.slice(-1);
  switch (kind.name) {
    case 'OpenAPI': {
      if (mode !== undefined)
        throw new UsageError('--mode is not for OpenAPI: requests and responses each have one reader');
      const [old] = one(olds, kind.name);
      const [was, is] = [openapiOf(old, old.file), openapiOf(next, next.file)];
      const { findings, ...what } = compareHttp(was, is, '', options);
      return reportOf([old], next, findings, { ...compared, ...what }, options);
    }
    case 'AsyncAPI': {
      const [old, ...history] = (before.length > 1 ? before : one(olds, kind.name)).map(asOneService);
      if (!old) throw new UsageError('name the old and the new document');
      const { findings, ...what } = compareEvents(old, asOneService(next), options, history);
      const files = [...compared.compared, ...what.compared];
      return reportOf(before, next, findings, { ...what, compared: files }, options);
    }
    case 'Avro': {
      const is = avroOf(next);
      const drafts = before.flatMap((old) =>
        compareAvroFiles(avroOf(old), is, readingsOf(used), [reached(old, olds, next)]),
      );
      return reportOf(before, next, mergedDrafts(drafts, ''), { ...compared, mode: used }, options);
    }
    case 'JSON Schema': {
      const is = jsonSchemaOf(next, kind.dialect);
      const drafts = before.flatMap((old) => {
        const was = kindOf(old);
        const version = jsonSchemaOf(old, was.name === 'JSON Schema' ? was.dialect : kind.dialect);
        return compareJsonSchemas(version, is, readingsOf(used), reached(old, olds, next), options);
      });
      return reportOf(before, next, mergedDrafts(drafts, ''), { ...compared, mode: used }, options);
    }
  }
}

/** What a finding reaches: the schema, or the old versions of it that it concerns. */
function reached(old: FileSide, olds: readonly FileSide[], next: FileSide): string {
  return shownPath(olds.length > 1 ? old : next, olds.length > 1 ? old.file : next.file);
}

function one(olds: readonly FileSide[], kind: string): readonly [FileSide] {
  const [first, ...others] = olds;
  if (first && others.length === 0) return [first];
  throw new UsageError(
    `name one old ${kind} document: several versions are for Avro, JSON Schema and transitive modes`,
  );
}

/** The only service of a side without a configuration, which has the title of the document. */
function asOneService({ workspace, folder, file }: FileSide): Side {
  const root = workspace.documents.get(file);
  const name = root?.at('info', 'title')?.string() ?? file;
  const loc = root?.loc ?? { file, line: 1, column: 1, pointer: '' };
  const config = { ...workspace.config, services: [{ name, asyncapi: file, clients: [], loc }] };
  return { workspace: { ...workspace, config }, folder };
}

/**
 * Compares all that two configurations name: OpenAPI and migrations service by service, outside systems, and the events
 * of all services as one system. `history` has older versions of the events, for a transitive mode. Throws as
 * `compareDocuments` does.
 */
export async function compareRepositories(
  old: Side,
  next: Side,
  options: FileOptions,
  history: readonly Side[] = [],
): Promise<BreakingReport> {
  const http = await compareServices(old, next, options);
  const findings = [...http.findings];
  const compared = [...http.compared];
  const notCompared = new Set([...http.notCompared, ...untouchedConfig(old.workspace.config, next.workspace.config)]);
  let mode: Mode | undefined;
  const events = [old, next].map(({ workspace }) =>
    workspace.config.services.flatMap(({ asyncapi }) => asyncapi ?? []),
  );
  const hasAvro = [...old.workspace.documents.keys()].some((file) => file.endsWith('.avsc'));
  if (hasAvro || events.some((files) => files.length > 0)) {
    for (const side of [old, next]) checkAsyncapi(side);
    const found = compareEvents(old, next, options, history);
    mode = found.mode;
    findings.push(...found.findings);
    for (const part of found.notCompared) notCompared.add(part);
    compared.push(...(events[1] ?? []).map((file) => shownPath(next, file)), ...found.compared);
  }
  const sources = new Map<string, string>();
  const ofTables: Change[] = [];
  for (const { name } of old.workspace.config.services) {
    const tables = await compareTables(old, next, name);
    findings.push(...tables.findings);
    compared.push(...tables.compared);
    for (const [file, text] of tables.sources) sources.set(file, text);
    ofTables.push(...tables.changes);
  }
  const what = { compared, notCompared: [...notCompared], ...(mode ? { mode } : {}) };
  const report = reportOf([old, ...history], next, findings, what, options);
  return {
    ...report,
    sources: new Map([...report.sources, ...sources]),
    changes: () => [...documentChanges(old, next), ...ofTables],
  };
}

/** Keys of the configuration that differ, that peers can notice, and that are not compared, in words. */
function untouchedConfig(old: AtlasConfig, next: AtlasConfig): readonly string[] {
  const namesOf = (roles: AtlasConfig['toxicRoles'][number]): string => roles.map(({ name }) => name).join(' ');
  const toxicOf = ({ toxicRoles }: AtlasConfig) => toxicRoles.map(namesOf).toSorted();
  const groupsOf = ({ roleGroups }: AtlasConfig) =>
    Object.fromEntries(roleGroups.map(({ name, roles }) => [name, namesOf(roles)]));
  const basePaths = old.services.flatMap(({ name, basePath = '' }) => {
    const same = next.services.find((service) => service.name === name);
    return same && (same.basePath ?? '') !== basePath ? [`basePath of ${name}`] : [];
  });
  return [
    ...basePaths,
    ...(isDeepStrictEqual(toxicOf(old), toxicOf(next)) ? [] : ['toxicRoles']),
    ...(isDeepStrictEqual(groupsOf(old), groupsOf(next)) ? [] : ['roleGroups']),
  ];
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function reportOf(
  olds: readonly Side[],
  next: Side,
  findings: readonly BreakingFinding[],
  what: Pick<BreakingReport, 'compared' | 'notCompared' | 'mode'>,
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
  return { findings: sorted, ...what, strict, sources: new Map([...olds, next].flatMap(sourcesOf)) };
}
