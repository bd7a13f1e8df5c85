import { childPointer, type Message, type Receive, type Service } from '@atlas/ir';

/**
 * The place that the header of a message's files names, always in the AsyncAPI document of the service itself: the
 * channel for a message that is sent, the operation for one that is only read. `channel` is the channel's key.
 */
export function messageSource(service: Service, message: Message, channel: string): string {
  const receive = service.receives.find((candidate) => candidate.message.name === message.name);
  const sent = service.sends.some(({ name }) => name === message.name);
  return receive && !sent
    ? consumerSource(service, receive)
    : placeOf(service, 'channels', channel, 'messages', message.name);
}

export function consumerSource(service: Service, { operation }: Receive): string {
  return placeOf(service, 'operations', operation);
}

export function tablesSource(service: Service): string {
  return placeOf(service, 'operations');
}

/** File and JSON Pointer (RFC 6901) of a part of the service's AsyncAPI document. */
export function placeOf({ asyncapi }: Service, ...keys: readonly string[]): string {
  return `${asyncapi?.loc.file ?? ''}#${keys.reduce<string>(childPointer, '')}`;
}
