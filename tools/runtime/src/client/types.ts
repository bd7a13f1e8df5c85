import type { ProblemError } from '../contract/handler.ts';
import type { RESPONSE_HEADER, RETRY_AFTER, WWW_AUTHENTICATE } from '../http/headerNames.ts';
import type { PLUMBING_PROBLEMS, PlumbingCode } from '../http/plumbingProblems.ts';
import type { TextMediaType } from '../http/textMediaTypes.ts';

/**
 * A client function of one operation; `Op` is its member of `operations`, a type of openapi-typescript. It asks for
 * JSON. If the operation also has text, `accept` can ask for that, and then the answer's `body` is the text.
 */
export type Call<Op extends OperationType> = [TextsOf<Op>] extends [never]
  ? JsonCall<Op>
  : JsonCall<Op> & ((input: TextCallInput<Op>) => Promise<TextAnswer<Op>>);

type JsonCall<Op extends OperationType> = (...input: Argument<CallInput<Op>>) => Promise<Answer<Op>>;

/** The same for HEAD. Its answers have no content, so they do not say which problem they are. */
export type HeadCall<Op extends OperationType> = (...input: Argument<CallInput<Op>>) => Promise<HeadAnswer>;

export interface HeadAnswer {
  readonly status: number;
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
}

/** The parts of openapi-typescript's operations that are read here. */
export interface OperationType {
  readonly parameters: { readonly path?: unknown; readonly query?: unknown; readonly header?: unknown };
  readonly requestBody?: unknown;
  readonly responses: object;
}

/**
 * The input of a call, with the names of a handler's `Input`. `params` are the parameters of the path, `ifMatch` is the
 * `etag` of an earlier answer. If the operation takes an `idempotencyKey` and none is given, the call makes one.
 */
export type CallInput<Op extends OperationType> = Plain<RequestInput<Op> & CallSettings>;

/** The part of a call's input that becomes the request. */
export type RequestInput<Op extends OperationType> = Part<'params', Group<Op['parameters']['path']>> &
  Part<'query', Group<Op['parameters']['query']>> &
  Part<'headers', HandlerHeaders<Group<Op['parameters']['header']>>> &
  BodyPart<Op> &
  ValuePart<'ifMatch', HeaderOf<Group<Op['parameters']['header']>, 'if-match'>> &
  KeyPart<HeaderOf<Group<Op['parameters']['header']>, 'idempotency-key'>>;

type TextCallInput<Op extends OperationType> = Plain<CallInput<Op> & { readonly accept: TextsOf<Op> }>;

/** The media types of text that an operation has in addition to JSON. Only 200 may have them. */
type TextsOf<Op extends OperationType> = Op['responses'] extends {
  readonly 200: { readonly content: infer Content };
}
  ? Extract<keyof Content, TextMediaType>
  : never;

export interface CallSettings {
  /** Sent as `X-Correlation-Id`: 1 to 64 letters, digits and hyphens. By default, the service makes one. */
  readonly correlationId?: string;
  /** Ends the call, which then rejects with the signal's reason. The service may have done its work. */
  readonly signal?: AbortSignal;
}

/**
 * The result of a call, by `status`: the answers that the spec declares, and the problems of the plumbing. `'problem'
 * in answer` is true for problems only. Neither bodies nor problems are validated.
 */
export type Answer<Op extends OperationType> = DeclaredAnswer<Op['responses']> | PlumbingAnswer;

type TextAnswer<Op extends OperationType> =
  | DeclaredAnswer<Omit<Op['responses'], 200>>
  | DeclaredAnswer<{ readonly 200: TextResponse<Op['responses']> }>
  | PlumbingAnswer;

type TextResponse<Responses> = Responses extends { readonly 200: infer Response }
  ? Omit<Response, 'content'> & { readonly content: { readonly 'text/plain': string } }
  : never;

/** A problem that the plumbing answers with, whatever the operation. */
export type PlumbingAnswer = {
  readonly [Code in PlumbingCode]: ProblemAnswer<(typeof PLUMBING_PROBLEMS)[Code]['status'], Problem<Code>>;
}[PlumbingCode];

/** An answer of `application/problem+json` (RFC 9457). */
interface ProblemAnswer<Status, Body> {
  readonly status: Status;
  readonly problem: Body;
  /** `Retry-After` in seconds: when the same request may succeed. */
  readonly retryAfter?: number;
}

export interface Problem<Code extends string> {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: Code;
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
  readonly correlationId?: string;
}

/** Without 304, because a call sends no `If-None-Match`. */
type DeclaredAnswer<Responses> = {
  [Status in StatusOf<Responses>]: AnswerOf<Status, Responses[Status]>;
}[StatusOf<Responses>];

type StatusOf<Responses> = Exclude<keyof Responses & number, 304>;

type AnswerOf<Status, Response> = Response extends {
  readonly content: { readonly 'application/problem+json': infer P };
}
  ? Plain<
      ProblemAnswer<Status, P> &
        Part<'headers', OwnHeaders<HeadersOf<Response>, typeof RETRY_AFTER | typeof WWW_AUTHENTICATE>>
    >
  : Plain<
      { readonly status: Status } & ContentPart<Response> &
        ValuePart<'etag', HeaderOf<HeadersOf<Response>, typeof RESPONSE_HEADER.etag>> &
        AtlasVersionPart<HeaderOf<HeadersOf<Response>, typeof RESPONSE_HEADER.atlasVersion>> &
        Part<'headers', OwnHeaders<HeadersOf<Response>, never>>
    >;

type ContentPart<Response> = Response extends { readonly content: infer Content }
  ? { readonly body: Content[Exclude<keyof Content, TextMediaType>] }
  : unknown;

type HeadersOf<Response> = Response extends { readonly headers: infer Headers } ? Headers : never;

/** Declared response headers that a handler gave, without the index signature of openapi-typescript. */
type OwnHeaders<Headers, Others> = {
  readonly [
    Name in keyof Headers as string extends Name
      ? never
      : Lowercase<Name & string> extends
            | (typeof RESPONSE_HEADER)[keyof typeof RESPONSE_HEADER]
            | 'content-type'
            | Others
        ? never
        : Name
  ]: Headers[Name];
};

/** Header parameters that a handler sees. By OpenAPI 3.1, section 4.8.12.1, the last three of the names are ignored. */
type HandlerHeaders<Headers> = {
  readonly [
    Name in keyof Headers as Lowercase<Name & string> extends
      | 'idempotency-key'
      | 'if-match'
      | 'accept'
      | 'content-type'
      | 'authorization'
      ? never
      : Name
  ]: Headers[Name];
};

/**
 * The member of `Headers` whose name in lower case is `Lower`; an empty type if there is none.
 */
type HeaderOf<Headers, Lower extends string> = {
  readonly [
    Name in keyof Headers as string extends Name ? never : Lowercase<Name & string> extends Lower ? 'value' : never
  ]: Headers[Name];
};

type BodyPart<Op extends OperationType> =
  Group<Op['requestBody']> extends { readonly content: infer Content }
    ? Op extends { readonly requestBody: object }
      ? { readonly body: Content[keyof Content] }
      : { readonly body?: Content[keyof Content] }
    : unknown;

/** The parameters in one part of the request, or a body; openapi-typescript has `never` for none. */
type Group<Values> = [NonNullable<Values>] extends [never] ? object : NonNullable<Values>;

/** A member for a group of values: absent if there are none, optional if all of them are. */
export type Part<Name extends string, Values> = [keyof Values] extends [never]
  ? unknown
  : Partial<Values> extends Values
    ? { readonly [_ in Name]?: Values }
    : { readonly [_ in Name]: Values };

/** A text, optional if the header is. */
type ValuePart<Name extends string, Value> = [keyof Value] extends [never]
  ? unknown
  : Partial<Value> extends Value
    ? { readonly [_ in Name]?: string }
    : { readonly [_ in Name]: string };

type KeyPart<Value> = [keyof Value] extends [never]
  ? unknown
  : {
      /** 1 to 200 printable ASCII characters. Give the same one to repeat a command. */
      readonly idempotencyKey?: string;
    };

type AtlasVersionPart<Value> = [keyof Value] extends [never]
  ? unknown
  : {
      /** `Atlas-Version`: the last event that the command emitted, if it emitted one. */
      readonly atlasVersion?: string;
    };

export type Argument<Input> = Partial<Input> extends Input ? [input?: Input] : [input: Input];

/** Turns an intersection into one object type, which editors show in full. */
export type Plain<T> = { [Key in keyof T]: T[Key] };
