import { createHash } from 'node:crypto';
import type { Message, Topic } from '@atlas/ir';
import type { ChannelView, MessageView } from '../../read/asyncapi/events.ts';
import { parseKey } from '../../read/extensions/key.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Workspace } from '../../load/index.ts';
import { avroRecordOf } from '../../read/avro/avroRecords.ts';

/** One message of one channel; undefined with diagnostics where its Avro schema is none. */
export function messageOf(
  workspace: Workspace,
  view: MessageView,
  channel: ChannelView,
  topic: Topic,
): { readonly message?: Message; readonly diagnostics: readonly Diagnostic[] } {
  const { record, schemaText, diagnostics = [] } = avroRecordOf(workspace, view.cursor) ?? {};
  if (!record || schemaText === undefined) return { diagnostics };
  const keyText = channel.cursor.get('x-atlas-key')?.string();
  const key = keyText === undefined ? undefined : parseKey(keyText);
  const summary = view.cursor.get('summary')?.string();
  const message: Message = {
    loc: view.cursor.loc,
    name: view.name,
    owner: topic.owner,
    topic: topic.name,
    ...(key ? { key } : {}),
    ...(summary === undefined ? {} : { summary }),
    recordName: record.name,
    avro: record,
    subject: `${topic.name}-${record.name}`,
    schemaText,
    fingerprint: createHash('sha256').update(schemaText).digest('hex').slice(0, 32),
  };
  return { message, diagnostics };
}
