import type { Code, Message, Service } from '@atlas/ir';
import { header } from '../package/header.ts';
import { messagesOf } from '../package/indexFile.ts';
import { codecFile } from './codecFile.ts';
import { consumerFile } from './consumerFile.ts';
import { messageFile } from './messageFile.ts';
import { consumerSource, messageSource, tablesSource } from './sources.ts';
import { consumersFile, producersFile } from './tables.ts';

/** Every file below events/, before it is formatted. `channelOf` gives the key of a sent message's channel. */
export function eventFiles(
  service: Service,
  channelOf: (message: Message) => string,
): readonly { readonly path: string; readonly text: string }[] {
  const file = (path: string, source: string, body: Code): { path: string; text: string } => ({
    path,
    text: `${header(source).text}\n${body.text}`,
  });
  return [
    ...messagesOf(service).flatMap((message) => {
      const source = messageSource(service, message, channelOf(message));
      return [
        file(`${message.name}.ts`, source, messageFile(service, message)),
        file(`${message.name}.codec.ts`, source, codecFile(service, message)),
      ];
    }),
    ...service.receives.map((receive) =>
      file(`${receive.handler}.ts`, consumerSource(service, receive), consumerFile(service, receive)),
    ),
    ...(service.sends.length > 0 ? [file('producers.ts', tablesSource(service), producersFile(service))] : []),
    ...(service.receives.length > 0 ? [file('consumers.ts', tablesSource(service), consumersFile(service))] : []),
  ];
}
