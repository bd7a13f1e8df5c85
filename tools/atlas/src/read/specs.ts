import type { Workspace } from '../document/workspace.ts';
import { eventsView, type EventsView } from './asyncapi/events.ts';
import { LATER_PAYLOADS, laterViews } from './asyncapi/later.ts';
import { avroPayloads, type AvroPayloads } from './avro/payloads.ts';
import { foreignViews, httpViews, type HttpView } from './openapi/http.ts';

/** The specs of a workspace, read once: the rules check them, and the model is built from them. */
export interface Specs {
  readonly workspace: Workspace;
  readonly http: readonly HttpView[];
  /** Documents of outside systems: those that services call, and those that doubles play. */
  readonly foreign: readonly HttpView[];
  readonly events: EventsView;
  readonly avro: AvroPayloads;
}

/** Never throws, whatever the documents contain. */
export function readSpecs(workspace: Workspace): Specs {
  const events = eventsView(workspace);
  const messages = [...events.owned.values()].flatMap((channel) => channel.messages);
  const payloads = [
    ...messages.map(({ cursor }) => cursor.get('payload')),
    ...events.documents
      .flatMap(laterViews)
      .flatMap(({ kind, cursor }) => LATER_PAYLOADS[kind].map((member) => cursor.get(member))),
  ].filter((payload) => payload !== undefined);
  return {
    workspace,
    http: httpViews(workspace),
    foreign: foreignViews(workspace),
    events,
    avro: avroPayloads(workspace, payloads),
  };
}
