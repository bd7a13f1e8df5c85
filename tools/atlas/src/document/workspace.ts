import type { JsonValue, Loc } from '@atlas/ir';
import { type Cursor, DocumentCursor, type Documents, locateRef, locsAt, resolveRef, rootCursor } from './cursor.ts';

/** The configuration, and every document that it reaches. */
export interface Workspace {
  /** Absolute folder of atlas.config.yaml; all `Loc.file` are relative to it. */
  readonly root: string;
  readonly config: AtlasConfig;
  /** Root cursors of all documents that were read, by path relative to `root`. */
  readonly documents: ReadonlyMap<string, Cursor>;
  /** Source text by path, for code frames. */
  readonly sources: ReadonlyMap<string, string>;
  /** Resolves a reference text met at a cursor; undefined if it leads nowhere. */
  resolve(from: Cursor, ref: string): Cursor | undefined;
  /**
   * The value that a reference text names. References along the pointer are followed; a value that is a reference
   * itself is given as it is, which a bundler needs. `fromFile` is relative to `root`.
   */
  locate(fromFile: string, ref: string): RawTarget | undefined;
  /**
   * The places of the key and the value at a pointer. References are not followed. If there is no value, those of its
   * nearest existing parent.
   */
  locOf(file: string, pointer: string): { readonly key: Loc; readonly value: Loc };
}

export interface RawTarget {
  readonly file: string;
  readonly pointer: string;
  readonly value: JsonValue;
}

/** atlas.config.yaml after validation and defaults. */
export interface AtlasConfig {
  readonly version: 1;
  /** Relative to the configuration's folder. */
  readonly out: string;
  readonly services: readonly ServiceConfig[];
  /** Pattern with `{service}`. */
  readonly dlq: string;
  /** Pattern for the names of generated packages: `@atlas/generated-{service}`. */
  readonly packageName: string;
  /** Pattern with `{service}`: the folder of a service's own migrations, relative to the configuration's folder. */
  readonly migrations: string;
  /** Sets of roles that nobody may have together. */
  readonly toxicRoles: readonly (readonly ConfiguredRole[])[];
  /** Names for sets of roles, for code that shows people with any of them more than others. */
  readonly roleGroups: readonly { readonly name: string; readonly roles: readonly ConfiguredRole[] }[];
  /** Patterns, with or without `{service}`: folders of TypeScript files whose SQL `breaking` runs. */
  readonly statements: readonly string[];
  /** Folders of programs that may call the services; `a/*` is each folder in `a`. `breaking` shows which ones do. */
  readonly callers: readonly string[];
  /** Programs that play an outside system, with the OpenAPI document of that system. */
  readonly doubles: readonly DocumentConfig[];
  /** Present if there is a gateway in front of the services. */
  readonly gateway?: GatewayConfig;
}

export interface ConfiguredRole {
  readonly name: string;
  readonly loc: Loc;
}

/** What the API document of all services is called. */
export interface GatewayConfig {
  readonly title: string;
  readonly version: string;
  readonly loc: Loc;
}

/** An OpenAPI document that others own, with the name that it is used under. */
export interface DocumentConfig {
  readonly name: string;
  /** A path , as a key of `Workspace.documents`. */
  readonly document: string;
  readonly loc: Loc;
}

export interface ServiceConfig {
  readonly name: string;
  /** Paths, as keys of `Workspace.documents`. */
  readonly openapi?: string;
  readonly asyncapi?: string;
  /** The text before the paths of the OpenAPI document in routes: `/v3`, or empty. Absent if it is not configured. */
  readonly basePath?: string;
  /** The outside systems that it calls. */
  readonly clients: readonly DocumentConfig[];
  readonly loc: Loc;
}

/** The workspace of documents that were read. */
export function workspaceOf(root: string, config: AtlasConfig, documents: Documents): Workspace {
  const cursors = new Map<string, Cursor>();
  for (const file of documents.keys()) {
    const cursor = rootCursor(documents, file);
    if (cursor) cursors.set(file, cursor);
  }
  return {
    root,
    config,
    documents: cursors,
    sources: new Map([...documents].map(([file, { text }]) => [file, text])),
    resolve(from, ref) {
      const resolved = resolveRef(documents, from.file, ref, new Set());
      return 'failure' in resolved ? undefined : new DocumentCursor(documents, resolved.position);
    },
    locate(fromFile, ref) {
      const found = locateRef(documents, fromFile, ref);
      if ('failure' in found) return undefined;
      const { document, pointer, node } = found.position;
      return { file: document.file, pointer, value: node.value };
    },
    locOf(file, pointer) {
      const document = documents.get(file);
      return document ? locsAt(document, pointer) : { key: fileStart(file), value: fileStart(file) };
    },
  };
}

export function fileStart(file: string): Loc {
  return { file, line: 1, column: 1, pointer: '' };
}
