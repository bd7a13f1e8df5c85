import type { Argument, OperationType, Part, Plain, RequestInput } from '../client/types.ts';

/** A client function of one operation of an outside system; `Op` is its member of `operations`. */
export type ForeignCall<Op extends OperationType> = (
  ...input: Argument<ForeignInput<Op>>
) => Promise<ForeignAnswer<Op>>;

/** The input of a call. If the operation takes an `idempotencyKey` and none is given, the call makes one. */
export type ForeignInput<Op extends OperationType> = Plain<RequestInput<Op> & ForeignSettings>;

export interface ForeignSettings {
  /** Ends the call, which then rejects with the signal's reason. The outside may have done its work. */
  readonly signal?: AbortSignal;
}

/**
 * The result of a call, by `status`: the answers that the document declares, checked against it. A document may declare
 * several statuses together: `status` is then `'4XX'` or `'default'`, and `httpStatus` the number.
 */
export type ForeignAnswer<Op extends OperationType> = {
  [Status in keyof Op['responses']]: AnswerAt<Status, Op['responses'][Status]>;
}[keyof Op['responses']];

type AnswerAt<Status, Response> = Plain<
  (Status extends number ? { readonly status: Status } : { readonly status: Status; readonly httpStatus: number }) &
    ContentPart<Response> &
    Part<'headers', DeclaredHeaders<Response>> & {
      /** `Retry-After` in seconds: when the same request may succeed. */
      readonly retryAfter?: number;
    }
>;

type ContentPart<Response> = Response extends { readonly content: infer Content }
  ? [keyof Content & ProblemType] extends [never]
    ? [keyof Content & JsonType] extends [never]
      ? unknown
      : { readonly body: Content[keyof Content & JsonType] }
    : { readonly problem: Content[keyof Content & ProblemType] }
  : unknown;

type ProblemType = `application/problem+json${string}`;
type JsonType = `${string}json${string}`;

type DeclaredHeaders<Response> = Response extends { readonly headers: infer Headers }
  ? { readonly [Name in keyof Headers as string extends Name ? never : Name]: Headers[Name] }
  : object;
