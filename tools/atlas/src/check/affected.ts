import { posix } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Specs } from '../read/specs.ts';

/** More than these make no line. */
const MOST = 3;

/**
 * Adds to each finding the generated files that come from its place, relative to the configuration's folder: those of
 * the operation it stands in, and of the messages.
 */
export function withAffected(diagnostics: readonly Diagnostic[], specs: Specs): readonly Diagnostic[] {
  const { out } = specs.workspace.config;
  const places = [
    ...specs.http.flatMap(({ service, operations }) =>
      operations.flatMap(({ cursor, id }) =>
        id === undefined || !/^\w+$/.test(id)
          ? []
          : [{ file: cursor.file, pointer: cursor.pointer, output: posix.join(out, service.name, 'http', `${id}.ts`) }],
      ),
    ),
    ...[...specs.events.owned.values()].flatMap(({ messages, owner }) =>
      messages.flatMap(({ name, cursor }) =>
        /^\w+$/.test(name)
          ? [
              {
                file: cursor.file,
                pointer: cursor.pointer,
                output: posix.join(out, owner ?? '', 'events', `${name}.ts`),
              },
            ]
          : [],
      ),
    ),
  ];
  return diagnostics.map((diagnostic) => {
    const { file, pointer } = diagnostic.loc;
    const affects = places
      .filter((place) => place.file === file && (pointer === place.pointer || pointer.startsWith(`${place.pointer}/`)))
      .map(({ output }) => output);
    return affects.length === 0 ? diagnostic : { ...diagnostic, affects: affects.slice(0, MOST) };
  });
}
