import type { JsonValue } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import type { Dialect } from '../../jsonschema/keywords.ts';
import type { SchemaPlace } from '../schemas.ts';
import { shownPath, type Side } from '../sides/side.ts';
import { pointerInto, versionOf, type Version } from '../sides/version.ts';
import type { EventMessage, Payload } from './view.ts';

/** Finds the JSON schemas of one version of the events, in one tree per dialect. */
export class EventSchemas {
  readonly #side: Side;
  readonly #main: string;
  readonly #versions = new Map<Dialect, Version>();

  constructor(side: Side) {
    this.#side = side;
    this.#main = side.workspace.config.services.find(({ asyncapi }) => asyncapi !== undefined)?.asyncapi ?? '';
  }

  version(dialect: Dialect): Version {
    const known = this.#versions.get(dialect);
    if (known) return known;
    const show = (file: string): string => shownPath(this.#side, file);
    const version = versionOf(this.#side.workspace, this.#main, dialect, show, false);
    this.#versions.set(dialect, version);
    return version;
  }

  payload({ schema, dialect }: Extract<Payload, { kind: 'json' }>): {
    readonly version: Version;
    readonly place: SchemaPlace;
  } {
    return { version: this.version(dialect), place: { pointer: this.#pointer(schema) } };
  }

  /** The headers of a message: those of its traits and its own apply together. Undefined if it has none. */
  headers({ headers }: EventMessage): SchemaPlace | undefined {
    const pointers = headers.map((cursor) => this.#pointer(cursor));
    const [first = '', ...others] = pointers;
    if (pointers.length === 0) return undefined;
    if (others.length === 0) return { pointer: first };
    const allOf = pointers.map((pointer): JsonValue => ({ $ref: `#${encodeURI(pointer)}` }));
    return { pointer: pointers.at(-1) ?? first, schema: { allOf } };
  }

  #pointer({ file, pointer }: Cursor): string {
    return pointerInto(this.#main, file, pointer);
  }
}
