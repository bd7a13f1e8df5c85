/**
 * The name in the header `Atlas-Version` of what a topic's events are about: `booking` for topic
 * `boxoffice.tickets.booking.v1`, with or without a namespace. It is the topic's last segment that is not a version.
 */
export function aggregateOf(topic: string): string {
  return topic.split('.').findLast((segment) => !/^v\d+$/.test(segment)) ?? topic;
}
