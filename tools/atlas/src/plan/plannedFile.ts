import type { HttpApi, Loc, Operation, Service } from '@atlas/ir';
import type { EventFile } from '@atlas/templates/events';
import type { OutboxFile } from '@atlas/templates/outbox';

/** One file that is to be, before anybody has written its text. */
export interface PlannedFile {
  /** Relative to the output folder, with forward slashes. */
  readonly path: string;
  /** Absent for the files of the whole system. */
  readonly service?: string;
  /** What the file is made from; what a finding about it points at. */
  readonly loc: Loc;
  /** The place that its header names, where that is not `loc`. */
  readonly source?: string;
  readonly content: Content;
}

/** What each kind of file is made from. The table in emit/writers.ts says how. */
export interface Contents {
  readonly 'package-json': { readonly service: Service; readonly name: string };
  readonly index: { readonly service: Service };
  readonly contract: { readonly service: Service };
  readonly 'http-document': { readonly api: HttpApi };
  readonly 'http-types': { readonly api: HttpApi };
  readonly 'http-operation': { readonly operation: Operation };
  readonly 'http-operations': { readonly api: HttpApi };
  readonly validators: { readonly api: HttpApi };
  readonly 'validators-declaration': { readonly api: HttpApi };
  readonly serializers: { readonly api: HttpApi };
  readonly 'serializers-declaration': { readonly api: HttpApi };
  readonly client: { readonly service: string; readonly api: HttpApi };
  readonly event: { readonly file: EventFile };
  readonly outbox: { readonly file: OutboxFile };
  readonly catalog: unknown;
}

export type Kind = keyof Contents;

export type Content<Of extends Kind = Kind> = { readonly [Each in Of]: { readonly kind: Each } & Contents[Each] }[Of];
