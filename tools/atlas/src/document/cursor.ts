import type { JsonValue, Loc } from '@atlas/ir';

/**
 * A place in the loaded documents: a value together with where it was written. Following a child follows `$ref`s, also
 * those met along a pointer, within and across files; the cursor then stands in the file that the reference led to.
 */
export interface Cursor {
  /** Absolute identity: file and pointer after references were followed. */
  readonly file: string;
  readonly pointer: string;
  readonly value: JsonValue;
  /** The place of the value (for a member of an object: of its key). */
  readonly loc: Loc;
  /** The place of the value itself, for findings about it. */
  readonly valueLoc: Loc;
  /** The child of an object or array with references followed; undefined where there is none. */
  get(key: string | number): Cursor | undefined;
  /** `get` along several keys. */
  at(...keys: readonly (string | number)[]): Cursor | undefined;
  /** Children of an object in document order, references followed; empty for anything else. */
  entries(): readonly (readonly [string, Cursor])[];
  /** Items of an array, references followed; empty for anything else. */
  items(): readonly Cursor[];
  /** The value where it is a string / number / boolean, else undefined. */
  string(): string | undefined;
  number(): number | undefined;
  boolean(): boolean | undefined;
  /** The `$ref` text that led here, with the place it was written; undefined where no reference was followed. */
  readonly via: { readonly ref: string; readonly loc: Loc } | undefined;
}

/** What `load` gives: every document that the configuration reaches. */
export interface Workspace {
  /** Absolute folder of atlas.config.yaml; all `Loc.file` are relative to it. */
  readonly root: string;
  readonly config: AtlasConfig;
  /** Root cursors of all documents that were read, by path relative to `root`. */
  readonly documents: ReadonlyMap<string, Cursor>;
  /** Source text by path, for code frames. */
  readonly sources: ReadonlyMap<string, string>;
  /** Resolves a reference text met at a cursor; undefined where it leads nowhere. */
  resolve(from: Cursor, ref: string): Cursor | undefined;
  /**
   * The value that a reference text names, references along the pointer followed but not the one it may itself be;
   * what a bundler needs. `fromFile` is relative to `root`.
   */
  locate(fromFile: string, ref: string): RawTarget | undefined;
  /** Where the value at a pointer stands, no references followed; the nearest parent where there is none. */
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
  /** npm scope and prefix of generated packages: `@atlas/generated-{service}`. */
  readonly packageName: string;
}

export interface ServiceConfig {
  readonly name: string;
  readonly openapi?: string;
  readonly asyncapi?: string;
  readonly loc: Loc;
}
