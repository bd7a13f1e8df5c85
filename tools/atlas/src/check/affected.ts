import { posix } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { RuleContext } from './rule.ts';

/** The line of a finding names at most this many files. */
const MAX_FILES = 3;

/**
 * Adds to each finding the generated files that come from its place, relative to the configuration's folder: the file
 * of the operation or of the message that contains the place.
 */
export function withAffected(diagnostics: readonly Diagnostic[], context: RuleContext): readonly Diagnostic[] {
  const { out } = context.workspace.config;
  const places = [
    ...context.http.flatMap(({ service, operations }) =>
      operations.flatMap(({ cursor, id }) =>
        id === undefined || !/^\w+$/.test(id)
          ? []
          : [{ file: cursor.file, pointer: cursor.pointer, output: posix.join(out, service.name, 'http', `${id}.ts`) }],
      ),
    ),
    ...[...context.events.owned.values()].flatMap(({ messages, owner }) =>
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
