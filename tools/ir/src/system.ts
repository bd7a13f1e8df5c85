import type { Gateway } from './gateway.ts';
import type { Double, ForeignClient, HttpApi } from './http.ts';
import type { Message, Receive, Topic } from './events.ts';
import type { Effect, Timer } from './later.ts';
import type { Loc } from './location.ts';

/**
 * Everything that the specs say: frozen, independent of any programming language, and with every list in a stable
 * order.
 */
export interface System {
  /** In the order of atlas.config.yaml. */
  readonly services: readonly Service[];
  /** Every topic of every service, foreign and dead-letter topics included, sorted by name. */
  readonly topics: readonly Topic[];
  /** In the order of atlas.config.yaml. */
  readonly doubles: readonly Double[];
  /** Present if the configuration has a gateway. */
  readonly gateway?: Gateway;
}

export interface Service {
  readonly loc: Loc;
  /** kebab-case key of atlas.config.yaml. */
  readonly name: string;
  /** `info.x-atlas-owner`. */
  readonly owner?: string;
  readonly http?: HttpApi;
  /** Sets of roles that nobody may have together, the same for all services. Absent if there are none. */
  readonly toxicRoles?: readonly (readonly string[])[];
  /** Names for sets of roles, the same for all services. Absent if there are none. */
  readonly roleGroups?: readonly { readonly name: string; readonly roles: readonly string[] }[];
  /** The outside systems that it calls. */
  readonly clients: readonly ForeignClient[];
  readonly asyncapi?: { readonly loc: Loc; readonly title: string; readonly version: string };
  /** Messages it sends, sorted by name. */
  readonly sends: readonly Message[];
  /** What it reads, sorted by handler name. */
  readonly receives: readonly Receive[];
  /** Sorted by name, like the effects. */
  readonly timers: readonly Timer[];
  readonly effects: readonly Effect[];
  /** Its dead-letter topic; present if it has anything to give up: events, timers or effects. */
  readonly dlqTopic?: string;
}
