import { code, consumersOf, join, lit, type Code, type Loc, type Message, type Service } from '@atlas/ir';
import { consumersFile } from '../handlerTables.ts';
import { followUpsOf } from '../emits.ts';
import { contractName, eventName } from '../names.ts';
import { codecFile } from './codec/codecFile.ts';
import { consumerFile } from './consumerFile.ts';
import { messageFile } from './messageFile.ts';
import { consumerSource, messageSource, tablesSource } from './sources.ts';

/** One file below events/, whose text is written when it is asked for. */
export interface EventFile {
  /** The path below events/. */
  readonly path: string;
  readonly loc: Loc;
  /** The place that its header names, in the AsyncAPI document of the service. */
  readonly source: string;
  /** The text without its header, not formatted. */
  readonly body: () => Code;
}

/** Every file below events/. `channelOf` gives the key of a sent message's channel. */
export function eventFiles(service: Service, channelOf: (message: Message) => string): readonly EventFile[] {
  const loc = service.asyncapi?.loc ?? service.loc;
  const source = tablesSource(service);
  return [
    ...messagesOf(service).flatMap((message) => {
      const place = { loc: message.loc, source: messageSource(service, message, channelOf(message)) };
      return [
        { ...place, path: `${message.name}.ts`, body: () => messageFile(message) },
        { ...place, path: `${message.name}.codec.ts`, body: () => codecFile(message) },
      ];
    }),
    ...consumersOf(service).map((consumer) => ({
      path: `${consumer.handler}.ts`,
      loc: consumer.first.loc,
      source: consumerSource(service, consumer.first),
      body: () => consumerFile(consumer, followUpsOf(service)),
    })),
    ...(service.sends.length > 0 ? [{ path: 'producers.ts', loc, source, body: () => producersFile(service) }] : []),
    ...(service.receives.length > 0 ? [{ path: 'consumers.ts', loc, source, body: () => consumersFile(service) }] : []),
  ];
}

/** Every message that has a file in the package, sent or read, each once, by name. */
export function messagesOf(service: Service): readonly Message[] {
  const byName = new Map(
    [...service.sends, ...service.receives.map(({ message }) => message)].map((message) => [message.name, message]),
  );
  return [...byName.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** events/producers.ts: the messages that the service sends. */
function producersFile({ sends }: Service): Code {
  return code`
    import type { MessageContract } from '@atlas/runtime';
    ${sends.map((message) => code`import { ${contractName(message)}, type ${eventName(message.name)} } from ${lit(`./${message.name}.ts`)};`)}

    /** Any event that this service may send. */
    export type SentEvent = ${join(
      sends.map(({ name }) => eventName(name)),
      ' | ',
    )};

    export const messages: readonly MessageContract<unknown>[] = [${join(sends.map(contractName), ', ')}];
  `;
}
