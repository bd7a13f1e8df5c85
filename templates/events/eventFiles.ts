import type { Code, Message, Service } from '@atlas/ir';
import { consumersFile } from '../handlerTables.ts';
import { header } from '../package/header.ts';
import { codecFile } from './codec/codecFile.ts';
import { consumerFile } from './consumerFile.ts';
import { messageFile } from './messageFile.ts';
import { producersFile } from './producersFile.ts';
import { consumerSource, messageSource, tablesSource } from './sources.ts';

/** Every file below events/, not formatted yet. `channelOf` gives the key of a sent message's channel. */
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
        file(`${message.name}.ts`, source, messageFile(message)),
        file(`${message.name}.codec.ts`, source, codecFile(message)),
      ];
    }),
    ...service.receives.map((receive) =>
      file(`${receive.handler}.ts`, consumerSource(service, receive), consumerFile(receive)),
    ),
    ...(service.sends.length > 0 ? [file('producers.ts', tablesSource(service), producersFile(service))] : []),
    ...(service.receives.length > 0 ? [file('consumers.ts', tablesSource(service), consumersFile(service))] : []),
  ];
}

/** Every message that has a file in the package, sent or read, each once, by name. */
export function messagesOf(service: Service): readonly Message[] {
  const byName = new Map(
    [...service.sends, ...service.receives.map(({ message }) => message)].map((message) => [message.name, message]),
  );
  return [...byName.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
