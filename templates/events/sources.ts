import type { Message, Receive, Service } from '@atlas/ir';

/**
 * What the header of an event's file names: a place in the AsyncAPI document of the very service, and the record. A
 * message that is sent stands in its channel, one that is read in the operation that reads it.
 */
export function messageSource(service: Service, message: Message, channel: string): string {
  const receive = service.receives.find((candidate) => candidate.message.name === message.name);
  const sent = service.sends.some(({ name }) => name === message.name);
  if (receive && !sent) return consumerSource(service, receive);
  return `${service.name} #/channels/${escaped(channel)}/messages/${escaped(message.name)} ${message.recordName}`;
}

export function consumerSource(service: Service, { operation, message }: Receive): string {
  return `${service.name} #/operations/${escaped(operation)} ${message.recordName}`;
}

export function tablesSource(service: string): string {
  return `${service} #/operations`;
}

/** A token of a JSON Pointer (RFC 6901). */
function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
