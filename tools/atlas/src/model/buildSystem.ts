import { createHash } from 'node:crypto';
import {
  pascal,
  type Effect,
  type ForeignClient,
  type HttpApi,
  type Message,
  type Payload,
  type Receive,
  type Service,
  type System,
  type Timer,
  type Topic,
} from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Cursor } from '../document/cursor.ts';
import type { DocumentConfig, ServiceConfig } from '../document/workspace.ts';
import { type AsyncView, type ChannelView, type MessageView, sentMessages } from '../read/asyncapi/events.ts';
import { laterViews, timeoutOf, type LaterView } from '../read/asyncapi/later.ts';
import type { ParsedAvro } from '../read/avro/payloads.ts';
import { batchOf, handlerOf } from '../read/extensions/batch.ts';
import { emitsOf } from '../read/extensions/emits.ts';
import { handlingOfLater, handlingOfOperation, type HandlingView } from '../read/extensions/handling.ts';
import { keyOf } from '../read/extensions/key.ts';
import { ownerOf } from '../read/extensions/owner.ts';
import { retryOf } from '../read/extensions/retry.ts';
import type { Specs } from '../read/specs.ts';
import { dlqName, dlqTopicOf, topicOf } from './topics.ts';

export interface BuildResult {
  /** Absent if there is a diagnostic. */
  readonly system?: System;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Builds the frozen model of specs in which `check` finds no error. In other specs it leaves out what it cannot read,
 * and reports that (ATL5001). It never throws.
 */
export async function buildSystem(specs: Specs): Promise<BuildResult> {
  const builder = new Builder(specs);
  const system = await builder.system();
  const { diagnostics } = builder;
  return { ...(diagnostics.length > 0 ? {} : { system: deepFreeze(system) }), diagnostics };
}

class Builder {
  readonly diagnostics: Diagnostic[] = [];
  readonly #specs: Specs;
  readonly #topics = new Map<string, Topic>();
  /** By channel identity and name. */
  readonly #messages = new Map<string, Message>();

  constructor(specs: Specs) {
    this.#specs = specs;
  }

  async system(): Promise<System> {
    const { workspace, events } = this.#specs;
    for (const channel of events.owned.values()) this.#channel(channel);
    const http = new Map(this.#specs.http.map((view) => [view.service.name, view]));
    const toxicRoles = workspace.config.toxicRoles.map((set) => set.map(({ name }) => name));
    const roleGroups = workspace.config.roleGroups.map(({ name, roles }) => ({
      name,
      roles: roles.map((role) => role.name),
    }));
    const { ownApis, foreignApis } = await apisOf(this.#specs);
    const used = (list: readonly DocumentConfig[]): readonly ForeignClient[] =>
      list.flatMap(({ name, document, loc }) => {
        const api = foreignApis.get(document);
        return api ? [{ loc, name, api }] : [];
      });
    const services = workspace.config.services.map((config): Service => {
      const view = http.get(config.name);
      const api = ownApis.get(config.name);
      const owner = ownerOf(view?.root) ?? ownerOf(events.documents.find(({ service }) => service === config)?.root);
      for (const operation of view?.operations ?? [])
        if (operation.id === undefined) this.#leaveOut(operation.cursor, `${operation.label} has no operationId`);
      return {
        loc: config.loc,
        name: config.name,
        ...(owner === undefined ? {} : { owner }),
        ...(api ? { http: api } : {}),
        ...(toxicRoles.length > 0 ? { toxicRoles } : {}),
        ...(roleGroups.length > 0 ? { roleGroups } : {}),
        clients: used(config.clients).map((client) => ({ ...client, api: { ...client.api, webhooks: [] } })),
        ...this.#events(
          config,
          events.documents.find(({ service }) => service === config),
        ),
      };
    });
    const { gateway } = workspace.config;
    const gatewayModel = gateway && (await import('./gateway/gatewayOf.ts'));
    return {
      services,
      topics: this.#allTopics(services),
      doubles: used(workspace.config.doubles),
      ...(gateway && gatewayModel ? { gateway: gatewayModel.gatewayOf(gateway, services, toxicRoles) } : {}),
    };
  }

  #channel(channel: ChannelView): void {
    const topic = topicOf(channel);
    this.#topics.set(channel.identity, topic);
    for (const view of channel.messages) {
      const message = messageOf(view, this.#specs.avro.of(view.cursor.get('payload')) ?? {}, channel, topic);
      if (message) this.#messages.set(`${channel.identity} ${view.name}`, message);
      else this.#leaveOut(view.cursor, `message ${view.name} has no valid Avro payload`);
    }
  }

  #events(
    config: ServiceConfig,
    view: AsyncView | undefined,
  ): Pick<Service, 'asyncapi' | 'sends' | 'receives' | 'timers' | 'effects' | 'dlqTopic'> {
    if (!view) return { sends: [], receives: [], timers: [], effects: [] };
    const sends = new Map<string, Message>();
    for (const { message, channel } of sentMessages(view)) {
      const found = this.#message(channel, message);
      if (found) sends.set(found.name, found);
    }
    const receives = view.operations.flatMap((operation) => {
      const { channel } = operation;
      if (operation.action !== 'receive' || !channel) return [];
      return operation.messages.flatMap((view) => this.#receive(operation.key, operation.cursor, channel, view));
    });
    const later = laterViews(view);
    const timers = later.flatMap((entry) => this.#timer(entry));
    const effects = later.flatMap((entry) => this.#effect(entry));
    return {
      asyncapi: {
        loc: view.root.loc,
        title: view.root.at('info', 'title')?.string() ?? '',
        version: view.root.at('info', 'version')?.string() ?? '',
      },
      sends: [...sends.values()].toSorted(by(({ name }) => name)),
      receives: receives.toSorted(by(({ handler }) => handler)),
      timers: timers.toSorted(by(({ name }) => name)),
      effects: effects.toSorted(by(({ name }) => name)),
      ...(receives.length + later.length > 0 ? { dlqTopic: dlqName(this.#specs.workspace.config, config.name) } : {}),
    };
  }

  #receive(operation: string, cursor: Cursor, channel: ChannelView, view: MessageView): Receive[] {
    const message = this.#message(channel, view);
    if (!message) {
      this.#leaveOut(cursor, `operation ${operation} reads ${view.name} from a channel that no service defines`);
      return [];
    }
    const batch = batchOf(cursor).policy;
    return [
      {
        ...handledOf(cursor, handlingOfOperation(cursor)),
        operation,
        handler: handlerOf(operation, message.name, batch),
        ...(batch ? { batch } : {}),
        message,
      },
    ];
  }

  #timer({ kind, name, cursor }: LaterView): Timer[] {
    if (kind !== 'timer') return [];
    const payload = this.#payload(cursor, 'payload', pascal(name));
    return payload
      ? [{ ...handledOf(cursor, handlingOfLater(cursor)), name, handler: `on${pascal(name)}`, payload }]
      : [];
  }

  #effect({ kind, name, cursor }: LaterView): Effect[] {
    if (kind !== 'effect') return [];
    const payload = this.#payload(cursor, 'payload', `${pascal(name)}Request`);
    const outcome = this.#payload(cursor, 'outcome', `${pascal(name)}Outcome`);
    return payload && outcome
      ? [{ ...handledOf(cursor, handlingOfLater(cursor)), name, payload, outcome, timeoutMs: timeoutOf(cursor) ?? 0 }]
      : [];
  }

  #payload(holder: Cursor, member: string, name: string): Payload | undefined {
    const cursor = holder.get(member);
    const { record, schemaText } = this.#specs.avro.of(cursor) ?? {};
    if (!cursor || !record || schemaText === undefined) {
      this.#leaveOut(holder, `${name} has no valid Avro record`);
      return undefined;
    }
    return { loc: cursor.loc, name, avro: record, schemaText, fingerprint: fingerprintOf(schemaText) };
  }

  #message(channel: ChannelView, view: MessageView): Message | undefined {
    return this.#messages.get(`${channel.identity} ${view.name}`);
  }

  #allTopics(services: readonly Service[]): readonly Topic[] {
    const topics = [...this.#topics.values()];
    const dead = services.flatMap((service) => {
      if (service.dlqTopic === undefined) return [];
      const read = new Set(service.receives.map(({ message }) => message.topic));
      return [
        dlqTopicOf(
          service,
          service.dlqTopic,
          topics.filter(({ name }) => read.has(name)),
        ),
      ];
    });
    return [...topics, ...dead].toSorted(by(({ name }) => name));
  }

  /** Reports only the first part that is left out, because the others may be a consequence. */
  #leaveOut(cursor: Cursor, message: string): void {
    if (this.diagnostics.length > 0) return;
    this.diagnostics.push({
      code: 'ATL5001',
      severity: 'error',
      message,
      loc: cursor.loc,
      fix: 'remove it, and report it as a bug in atlas',
    });
  }
}

/** The APIs of services by name, and others by document. The code for OpenAPI is only loaded if there is one. */
async function apisOf({ workspace, http, foreign }: Specs): Promise<{
  readonly ownApis: ReadonlyMap<string, HttpApi>;
  readonly foreignApis: ReadonlyMap<string, ForeignClient['api']>;
}> {
  if (http.length + foreign.length === 0) return { ownApis: new Map(), foreignApis: new Map() };
  const [{ httpApiOf }, { foreignApiOf }] = await Promise.all([
    import('./http/api.ts'),
    import('./http/foreignApi.ts'),
  ]);
  return {
    ownApis: new Map(http.map((view) => [view.service.name, httpApiOf(workspace, view)])),
    foreignApis: new Map(foreign.map((view) => [view.root.file, foreignApiOf(workspace, view)])),
  };
}

function by<Item>(key: (item: Item) => string): (left: Item, right: Item) => number {
  return (left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0);
}

/** Freezes a value and everything below it. Shared values are visited once. */
function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) deepFreeze(child);
  return value;
}

/** One message of one channel; undefined if its payload is not a valid Avro record. */
export function messageOf(
  { name, cursor }: MessageView,
  { record, schemaText }: Omit<ParsedAvro, 'diagnostics'>,
  channel: ChannelView,
  topic: Topic,
): Message | undefined {
  if (!record || schemaText === undefined) return undefined;
  const key = keyOf(channel.cursor)?.expression;
  const summary = cursor.get('summary')?.string();
  return {
    loc: cursor.loc,
    name,
    owner: topic.owner,
    topic: topic.name,
    ...(key ? { key } : {}),
    ...(summary === undefined ? {} : { summary }),
    recordName: record.name,
    avro: record,
    subject: `${topic.name}-${record.name}`,
    schemaText,
    fingerprint: fingerprintOf(schemaText),
  };
}

function fingerprintOf(schemaText: string): string {
  return createHash('sha256').update(schemaText).digest('hex').slice(0, 32);
}

/** What everything with a handler has in common. */
function handledOf(cursor: Cursor, { emits, retry }: HandlingView): Pick<Timer, 'loc' | 'summary' | 'emits' | 'retry'> {
  const summary = cursor.get('summary')?.string();
  return {
    loc: cursor.loc,
    ...(summary === undefined ? {} : { summary }),
    emits: emits ? emitsOf(emits).alternatives : [[]],
    retry: retryOf(retry).policy,
  };
}
