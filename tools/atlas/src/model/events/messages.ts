import { createHash } from 'node:crypto';
import type { Message, Topic } from '@atlas/ir';
import type { ChannelView, MessageView } from '../../read/asyncapi/events.ts';
import type { ParsedAvro } from '../../read/avro/parseAvro.ts';
import { parseKey } from '../../read/extensions/key.ts';

/** One message of one channel; undefined where its payload is not a valid Avro record. */
export function messageOf(
  { name, cursor }: MessageView,
  { record, schemaText }: Omit<ParsedAvro, 'diagnostics'>,
  channel: ChannelView,
  topic: Topic,
): Message | undefined {
  if (!record || schemaText === undefined) return undefined;
  const key = parseKey(channel.cursor.get('x-atlas-key')?.string() ?? '');
  const summary = cursor.get('summary')?.string();
  return {
    loc: cursor.loc,
    name,
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
}
