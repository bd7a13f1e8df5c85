import { posix } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Specs } from '../read/specs.ts';

/** The line of a finding names at most so many files. */
const MAX_FILES = 3;

/**
 * Adds to each finding the generated files that come from its place, relative to the configuration's folder: the file
 * of the operation or of the message that contains the place.
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
    return affects.length === 0 ? diagnostic : { ...diagnostic, affects: affects.slice(0, MAX_FILES) };
  });
}
