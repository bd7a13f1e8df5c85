import type { HttpApi, Loc, Message, Operation, Receive, Service } from '@atlas/ir';

/** One file that is to be, before anybody has written its text. */
export interface PlannedFile {
  /** Relative to the output folder, with forward slashes. */
  readonly path: string;
  readonly family: Family;
  /** Absent for the files of the whole system. */
  readonly service?: string;
  /** What the file is made from; what a finding about it points at. */
  readonly loc: Loc;
  readonly content: Content;
}

export type Family = 'package' | 'http' | 'events' | 'outbox' | 'client' | 'system';

/** Which template writes it, and from what. */
export type Content =
  | { readonly kind: 'package-json'; readonly service: Service; readonly name: string }
  | { readonly kind: 'index'; readonly service: Service }
  | { readonly kind: 'contract'; readonly service: Service }
  | { readonly kind: 'http-types'; readonly api: HttpApi }
  | { readonly kind: 'http-operation'; readonly api: HttpApi; readonly operation: Operation }
  | { readonly kind: 'http-operations'; readonly api: HttpApi }
  | { readonly kind: 'http-document'; readonly api: HttpApi }
  | {
      readonly kind: 'http-compiled';
      readonly api: HttpApi;
      readonly part: CompiledPart;
      readonly declaration: boolean;
    }
  | { readonly kind: 'message'; readonly service: Service; readonly message: Message }
  | { readonly kind: 'codec'; readonly service: Service; readonly message: Message }
  | { readonly kind: 'consumer'; readonly service: Service; readonly receive: Receive }
  | { readonly kind: 'producers'; readonly service: Service }
  | { readonly kind: 'consumers'; readonly service: Service }
  | { readonly kind: 'outbox'; readonly text: string }
  | { readonly kind: 'client'; readonly service: string; readonly api: HttpApi }
  | { readonly kind: 'catalog' };

export type CompiledPart = 'validators' | 'serializers';
