/**
 * What the events of a topic are about, as the header `Atlas-Version` names it: `booking` for topic
 * `boxoffice.tickets.booking.v1`, with or without a namespace. It is the topic's last segment that is not a version.
 */
export function aggregateOf(topic: string): string {
  return topic.split('.').findLast((segment) => !/^v\d+$/.test(segment)) ?? topic;
}
