/**
 * What stands before a sequence in `Atlas-Version`: `booking/<key>@` for topic `boxoffice.tickets.booking.v1`. The name is
 * the topic's last segment that is no version; the key is percent-encoded (RFC 3986), so that a list stays parseable.
 */
export function versionLabel(topic: string, key: string): string {
  const segments = topic.split('.').filter((segment) => !/^v\d+$/.test(segment));
  return `${segments.at(-1) ?? topic}/${encodeURIComponent(key)}@`;
}
