import type { Gateway, HttpApi, Loc, Operation, Service, StatusRange } from '@atlas/ir';
import type { EventFile } from '@atlas/templates/events';
import type { LaterFile } from '@atlas/templates/later';
import type { OutboxFile } from '@atlas/templates/outbox';

/** One file to generate. It has no text yet. */
export interface PlannedFile {
  /** Relative to the output folder, with forward slashes. */
  readonly path: string;
  /** Absent for the files of the whole system. */
  readonly service?: string;
  /** The place that the file comes from. Findings about the file show it. */
  readonly loc: Loc;
  /** The place in its header, if that is not `loc`. */
  readonly source?: string;
  readonly content: Content;
}

/** A document of ours or of somebody else. */
type AnyApi = HttpApi<StatusRange>;

/** What each kind of file is made from. emit.ts says how. */
export interface Contents {
  readonly 'package-json': { readonly service: Service; readonly name: string };
  readonly index: { readonly service: Service };
  readonly contract: { readonly service: Service };
  readonly 'http-document': { readonly api: AnyApi };
  readonly 'http-types': { readonly api: AnyApi };
  readonly 'http-operation': { readonly operation: Operation; readonly service: Service };
  readonly 'role-groups': { readonly groups: NonNullable<Service['roleGroups']> };
  readonly 'http-operations': { readonly api: HttpApi };
  readonly validators: { readonly api: AnyApi };
  readonly 'validators-declaration': { readonly api: AnyApi };
  readonly serializers: { readonly api: HttpApi };
  readonly 'serializers-declaration': { readonly api: HttpApi };
  readonly client: { readonly service: string; readonly api: HttpApi };
  readonly 'foreign-client': { readonly name: string; readonly api: AnyApi };
  readonly webhooks: { readonly api: AnyApi };
  readonly 'double-package-json': { readonly name: string; readonly api: AnyApi };
  readonly event: { readonly file: EventFile };
  readonly later: { readonly file: LaterFile };
  readonly outbox: { readonly file: OutboxFile };
  readonly catalog: unknown;
  readonly 'gateway-package': { readonly name: string };
  readonly 'gateway-index': { readonly gateway: Gateway };
  readonly 'gateway-routes': { readonly gateway: Gateway; readonly service: string };
  readonly 'gateway-document': { readonly gateway: Gateway };
}

export type Kind = keyof Contents;

export type Content<Of extends Kind = Kind> = { readonly [Each in Of]: { readonly kind: Each } & Contents[Each] }[Of];
