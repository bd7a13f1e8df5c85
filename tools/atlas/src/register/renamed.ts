import type { AvroRecord, Message } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { isDotted } from '../read/avro/names.ts';
import { parseRegistered } from '../read/avro/parseRegistered.ts';
import { resolvability } from '../read/avro/resolvability.ts';
import type { Registry } from './registry.ts';

/** A record that is registered for a topic, and that no service of the specs sends there any more. */
export interface Orphan {
  readonly recordName: string;
  /** Its last version; absent if Atlas cannot read it. */
  readonly record?: AvroRecord;
}

/** At most so many are read. A topic with more has a long history, and the first ones say enough. */
const MOST = 3;

/** The orphans of a topic, found by the names of all subjects. `prefix` is namespace, topic and a dash. */
export async function orphansOf(
  prefix: string,
  subjects: readonly string[],
  sent: ReadonlySet<string>,
  registry: Registry,
): Promise<readonly Orphan[]> {
  const names = subjects.filter(
    (subject) => subject.startsWith(prefix) && !sent.has(subject) && isDotted(subject.slice(prefix.length)),
  );
  const orphans: Orphan[] = [];
  for (const subject of names.toSorted().slice(0, MOST)) {
    const last = (await registry.versions(subject)).at(-1);
    const { record } = last ? parseRegistered(last.text, last.references) : {};
    orphans.push({ recordName: subject.slice(prefix.length), ...(record ? { record } : {}) });
  }
  return orphans;
}

/** A warning per orphan, because the new record may be the same event under a new name, which nobody reads. */
export function renamed({ topic, avro }: Message, orphans: readonly Orphan[]): readonly Diagnostic[] {
  return orphans.map(({ recordName, record }) => {
    // the new name is reported already, so only what is inside counts
    const differences = record ? resolvability(avro, { ...record, aliases: [...record.aliases, avro.name] }) : [];
    return {
      code: 'ATL8007',
      severity: 'warning',
      message: `${avro.name} is new on topic ${topic}, where ${recordName} is registered and no longer sent: readers of ${recordName} ignore it`,
      loc: avro.loc,
      fix: 'if it is the same event with a new name, send both until its readers have moved',
      related: differences.map(({ path, why, place }) => ({ loc: place.writer, message: `${path} ${why}` })),
    };
  });
}
