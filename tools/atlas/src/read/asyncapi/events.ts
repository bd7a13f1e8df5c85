import type { Cursor } from '../../document/cursor.ts';
import type { ServiceConfig, Workspace } from '../../document/workspace.ts';
import { foreignOf } from '../extensions/owner.ts';

/** The AsyncAPI documents of all services, references between them resolved. */
export interface EventsView {
  readonly documents: readonly AsyncView[];
  /** Channels that a service's own document defines, and foreign ones, by identity. */
  readonly owned: ReadonlyMap<string, ChannelView>;
}

export interface AsyncView {
  readonly service: ServiceConfig;
  readonly root: Cursor;
  readonly channels: readonly ChannelView[];
  readonly operations: readonly AsyncOperationView[];
}

export interface ChannelView {
  /** Its key in the document that lists it. */
  readonly key: string;
  /** File and pointer of the definition: the same for everyone who refers to it. */
  readonly identity: string;
  readonly cursor: Cursor;
  /** The service whose document defines it; undefined if the file is not the document of a service. */
  readonly owner: string | undefined;
  /** Who owns the topic, if no service of the configuration does: `x-atlas-foreign`. */
  readonly foreign: string | undefined;
  readonly address: string | undefined;
  readonly messages: readonly MessageView[];
}

export interface MessageView {
  /** Its key in the channel, which handlers are named after. */
  readonly name: string;
  /** File and pointer of the message object. */
  readonly identity: string;
  readonly cursor: Cursor;
}

export interface AsyncOperationView {
  readonly service: ServiceConfig;
  readonly key: string;
  readonly cursor: Cursor;
  readonly action: string | undefined;
  /** Undefined if its `channel` is not one of the document's channels. */
  readonly channel: ChannelView | undefined;
  /** The messages that it lists; all messages of the channel if it has no list. */
  readonly messages: readonly MessageView[];
  /** Listed messages that the channel doesn't have. */
  readonly strangers: readonly Cursor[];
  readonly reply: ReplyView | undefined;
}

/** The answer that an operation sends or waits for (AsyncAPI 3.0, "Operation Reply Object"). */
export interface ReplyView {
  readonly cursor: Cursor;
  /** Undefined if it names no channel of the document. */
  readonly channel: ChannelView | undefined;
  /** Like those of an operation. */
  readonly messages: readonly MessageView[];
}

/** Reads the AsyncAPI documents of a workspace, services in the order of the configuration. */
export function eventsView(workspace: Workspace): EventsView {
  const owners = new Map<string, string>();
  for (const service of workspace.config.services)
    if (service.asyncapi !== undefined && !owners.has(service.asyncapi)) owners.set(service.asyncapi, service.name);
  const documents = workspace.config.services.flatMap((service) => {
    const root = workspace.documents.get(service.asyncapi ?? '');
    // A rule refuses a second service with the same document, whose findings would only repeat those of the first.
    return root && owners.get(root.file) === service.name ? [asyncView(service, root, owners)] : [];
  });
  const owned = new Map<string, ChannelView>();
  for (const { service, channels } of documents)
    for (const channel of channels)
      if (isDefinedFor(service, channel) && !owned.has(channel.identity)) owned.set(channel.identity, channel);
  return { documents, owned };
}

/** A foreign channel may be in a copy of its owner's document, which belongs to no service. */
function isDefinedFor({ name }: ServiceConfig, { owner, foreign }: ChannelView): boolean {
  return owner === name || (owner === undefined && foreign !== undefined);
}

function asyncView(service: ServiceConfig, root: Cursor, owners: ReadonlyMap<string, string>): AsyncView {
  const channels = (root.get('channels')?.entries() ?? []).map(([key, cursor]): ChannelView => {
    const messages = (cursor.get('messages')?.entries() ?? []).map(([name, message]): MessageView => ({
      name,
      identity: identityOf(message),
      cursor: message,
    }));
    return {
      key,
      identity: identityOf(cursor),
      cursor,
      owner: owners.get(cursor.file),
      foreign: foreignOf(cursor),
      address: cursor.get('address')?.string(),
      messages,
    };
  });
  const operations = (root.get('operations')?.entries() ?? []).map(([key, cursor]) =>
    operationView(service, key, cursor, channels),
  );
  return { service, root, channels, operations };
}

function operationView(
  service: ServiceConfig,
  key: string,
  cursor: Cursor,
  channels: readonly ChannelView[],
): AsyncOperationView {
  const { channel, messages, strangers } = messagesOf(cursor, channels);
  const reply = cursor.get('reply');
  return {
    service,
    key,
    cursor,
    action: cursor.get('action')?.string(),
    channel,
    messages,
    strangers,
    reply: reply && { cursor: reply, ...messagesOf(reply, channels) },
  };
}

/** The channel of an operation or a reply, and its messages. */
function messagesOf(
  cursor: Cursor,
  channels: readonly ChannelView[],
): Pick<AsyncOperationView, 'channel' | 'messages' | 'strangers'> {
  const target = cursor.get('channel');
  const channel = target && channels.find(({ identity }) => identity === identityOf(target));
  const listed = cursor.get('messages');
  const messages: MessageView[] = [];
  const strangers: Cursor[] = [];
  for (const item of listed?.items() ?? []) {
    const found = channel && messageOf(channel, item);
    if (found) messages.push(found);
    else strangers.push(item);
  }
  return { channel, messages: listed ? messages : (channel?.messages ?? []), strangers };
}

/** A channel's message by the reference that led to it. Two names may share one object, so the name decides first. */
function messageOf(channel: ChannelView, item: Cursor): MessageView | undefined {
  const same = channel.messages.filter(({ identity }) => identity === identityOf(item));
  const lastToken = item.via?.ref.split('/').at(-1);
  return same.find(({ name }) => name === lastToken) ?? same[0];
}

export function identityOf(cursor: Cursor): string {
  return `${cursor.file}#${cursor.pointer}`;
}

/** The messages that a service sends, with their channels and operations. */
export function sentMessages(
  document: AsyncView,
): readonly { readonly message: MessageView; readonly channel: ChannelView; readonly operation: AsyncOperationView }[] {
  return document.operations.flatMap((operation) => {
    const { channel } = operation;
    if (operation.action !== 'send' || !channel) return [];
    return operation.messages.map((message) => ({ message, channel, operation }));
  });
}
