import type { Witness } from '../../finding.ts';
import {
  withNames,
  noted,
  proven,
  reachedMessage,
  receiversOf,
  suspected,
  type EventRule,
  type EventsContext,
  type MessagePair,
} from '../context.ts';
import { isSamePlace, locationOf, pointerOf, valueAt, withText } from '../location.ts';
import { recordWitness } from '../records.ts';

export const correlationIdChanged: EventRule = {
  id: 'correlation-id-changed',
  purpose: 'The id that links messages that belong together is in another place, or gone, so readers do not find it.',
  level: 'wire',
  *check(context) {
    for (const pair of context.messages) {
      const { topics, old, new: next } = pair;
      const [before, after] = [old.correlation, next.correlation];
      if (before && after ? isSamePlace(before.value, after.value) : !before && !after) continue;
      const consumers = receiversOf(context, topics.new.name, old.type);
      const finding = {
        change: 'correlation-id-changed',
        message: said(old.type, before?.value, after?.value),
        old: before?.loc ?? old.loc,
        new: after?.loc ?? next.loc,
        reaches: [reachedMessage(topics.new.name, old.type)],
        consumers,
        spot: `${topics.new.name} ${old.type}`,
      };
      // readers of the old version need no id
      if (!before) {
        yield noted(finding);
        continue;
      }
      const witness = lost(context, pair, before.value, after?.value);
      const [both, move, end] = after
        ? ['write the id in both places', 'the new one', 'stop writing it in the old one']
        : ['keep the id', 'something else', 'stop writing it'];
      const safePath = [both, `move ${withNames('the consumers', consumers)} to ${move}`, end];
      if (witness) yield proven({ ...finding, safePath }, witness);
      else yield suspected({ ...finding, safePath }, 'records of the new version may still have the id there');
    }
  },
};

function said(type: string, before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `${type} has a correlation id in ${after ?? ''}`;
  if (after === undefined) return `${type} has no correlation id any more`;
  return `the correlation id of ${type} is in ${after} instead of ${before}`;
}

const ID = 'request-1';

/** A record of the new version in which readers of the old one do not find the id. */
function lost(
  { records }: EventsContext,
  { topics, new: message }: MessagePair,
  before: string,
  after: string | undefined,
): Witness | undefined {
  const [was, is] = [locationOf(before), locationOf(after ?? '')];
  const plain = records.new.of(topics.new, message, { headers: records.new.headers(message) });
  const record = after === undefined ? plain : is && withText(plain, is, ID);
  if (!was || !record || !records.new.accepts(message, record)) return undefined;
  const found = valueAt(record, was);
  // a required value may still be the id, whatever the document says
  if (after === undefined ? found !== undefined : found === ID) return undefined;
  return recordWitness(
    'new',
    record,
    pointerOf(is ?? was),
    `the new version writes this record, and the old one looks for the id in ${before}`,
  );
}
