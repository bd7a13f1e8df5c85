import { namedTypes } from '@atlas/ir';
import { avroOf, compareAvroFiles } from '../avro/avroFile.ts';
import type { Reading } from '../../read/avro/levels.ts';
import { fullNameOf } from '../../read/avro/names.ts';
import type { Draft } from '../draft.ts';
import { shownPath, UnusableSide, type FileSide } from '../sides/side.ts';
import type { Events } from './view.ts';

export interface UnusedSchemas {
  readonly drafts: readonly Draft[];
  /** The files that were compared, as the report shows them. */
  readonly compared: readonly string[];
  readonly notCompared: readonly string[];
}

/**
 * Compares the `.avsc` files of two sides that no message, timer or effect names, because somebody else may use them,
 * such as a program without Atlas. Files are paired by full name. The verdict is that of a registry, as for two files.
 */
export function unusedSchemas(old: Events, next: Events, readings: readonly Reading[]): UnusedSchemas {
  const used = new Set([old, next].flatMap(namesIn));
  const [before, after] = [filesOf(old, used), filesOf(next, used)];
  const drafts: Draft[] = [];
  const compared: string[] = [];
  const notCompared: string[] = [];
  for (const [name, was] of before) {
    const is = after.get(name);
    const path = shownPath(is ?? was, (is ?? was).file);
    if (!is) {
      notCompared.push(`${path}, which is gone and which nothing named`);
      continue;
    }
    try {
      drafts.push(...compareAvroFiles(avroOf(was), avroOf(is), readings, [path]));
      compared.push(path);
    } catch (error) {
      if (!(error instanceof UnusableSide)) throw error;
      notCompared.push(`${path}, which has errors`);
    }
  }
  return { drafts, compared, notCompared };
}

/** The full names of all types that messages, timers and effects have. */
function namesIn({ topics, copies, replies, laters }: Events): readonly string[] {
  const held = [...topics.values(), ...copies.map(({ topic }) => topic), ...replies.map(({ answers }) => answers)];
  const payloads = [
    ...held.flatMap(({ messages }) => [...messages.values()].map(({ payload }) => payload)),
    ...laters.flatMap(({ records }) => [...records.values()]),
  ];
  return payloads.flatMap((payload) =>
    payload.kind === 'avro' ? namedTypes(payload.record).map(({ name }) => name) : [],
  );
}

/** The files whose type is not used, by its full name. A file without a name is known by its path. */
function filesOf({ side }: Events, used: ReadonlySet<string>): ReadonlyMap<string, FileSide> {
  const files = [...side.workspace.documents].filter(([file]) => file.endsWith('.avsc'));
  const named = files.map(([file, cursor]) => {
    const name = fullNameOf({ cursor, namespace: '' });
    return [name === '' ? file : name, { ...side, file }] as const;
  });
  return new Map(named.filter(([name]) => !used.has(name)));
}
