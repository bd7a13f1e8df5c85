import { reachedMessage, sameReceive, suspected, type EventRule } from '../context.ts';

export const consumerRenamed: EventRule = {
  id: 'consumer-renamed',
  purpose:
    'A service handles a message under another name, so nothing handles the events that are parked under the old one, and the inbox does not know what was applied.',
  level: 'wire',
  *check({ old, new: next }) {
    for (const before of old.receives) {
      const after = sameReceive(next, before);
      if (!after || after.handler === before.handler) continue;
      const { service, topic, type } = before;
      yield suspected(
        {
          change: 'consumer-renamed',
          message: `${service} handles ${type} in ${after.handler} instead of ${before.handler}`,
          old: before.loc,
          new: after.loc,
          reaches: [reachedMessage(topic, type)],
          consumers: [service],
          spot: `${service} ${topic} ${type}`,
          safePath: [
            `wait until no row of ${before.handler} is left in atlas_parked`,
            `stop ${service} in the regular way, so that its offsets are committed, before the new version starts`,
          ],
        },
        'parked events are in the database of each deployment; an event is read again only if a process was killed or offsets were set back',
      );
    }
  },
};
