import type { JsonObject, JsonValue } from './json.ts';
import type { Loc } from './location.ts';
import type { EmitTuple } from './events.ts';
import type { TextMediaType } from './plumbing.ts';

/** The methods that a path item may have: OpenAPI 3.1, section 4.8.9. */
export const PATH_ITEM_METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/** The methods of operations: all of them except TRACE, which Atlas refuses. */
export type HttpMethod = Exclude<(typeof PATH_ITEM_METHODS)[number], 'trace'>;

export const HTTP_METHODS: readonly HttpMethod[] = PATH_ITEM_METHODS.filter((method) => method !== 'trace');

/** Whether a method only reads (RFC 9110, section 9.2.1): its operations get a reading session and send no events. */
export function isSafe(method: HttpMethod): boolean {
  return method === 'get' || method === 'head' || method === 'options';
}

/** One service's REST contract. `Status` is wider in the document of an outside system. */
export interface HttpApi<Status = number> {
  readonly loc: Loc;
  /** The text before the paths of all operations in the service's routes: `/v3`. Absent if there is none. */
  readonly basePath?: string;
  readonly title: string;
  readonly version: string;
  /**
   * The document, self-contained: everything that it refers to in other files is under `#/components`. It is valid
   * OpenAPI 3.1, with the `x-atlas-*` keys and the author's order of keys. The service serves it.
   */
  readonly document: JsonObject;
  /**
   * The document with schemas as messages need them: those of requests refuse readOnly properties, and those of
   * responses refuse writeOnly ones. Types, validators and serialisers are made from it. The same object as `document`
   * if there are no such properties.
   */
  readonly wireDocument: JsonObject;
  /**
   * The operations. Their schemas refer into `wireDocument`. Sorted by path as written, then by method in document
   * order.
   */
  readonly operations: readonly Operation<Status>[];
  /** Requests that are sent to others, signed by Standard Webhooks. In document order. */
  readonly webhooks: readonly Webhook[];
}

/** A status, or several: `4XX`, `default`. */
export type StatusRange = number | string;

/** An outside system that a service calls. */
export interface ForeignClient {
  readonly loc: Loc;
  /** kebab-case key of `clients`. */
  readonly name: string;
  readonly api: HttpApi<StatusRange>;
}

/** A program that plays an outside system in tests and demos. */
export interface Double {
  readonly loc: Loc;
  /** kebab-case key of `doubles`. */
  readonly name: string;
  readonly api: HttpApi<StatusRange>;
}

/** One webhook that is sent. */
export interface Webhook {
  readonly loc: Loc;
  /** camelCase, unique in the document; the name of its function. */
  readonly id: string;
  /** As in the document: `booking.made`. */
  readonly name: string;
  readonly summary?: string;
  readonly mediaType: string;
  readonly schema: JsonValue;
}

/** One path + method. */
export interface Operation<Status = number> {
  readonly loc: Loc;
  /** camelCase, unique in the service; the name of its file, type and handler. */
  readonly id: string;
  /** The operationId as the document spells it, if that differs from `id`. */
  readonly spelled?: string;
  readonly method: HttpMethod;
  /** As in the document: `/v1/bookings/{bookingId}`. */
  readonly path: string;
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated: boolean;
  /** `x-atlas-sunset`, an ISO date. */
  readonly sunset?: string;
  /** `x-atlas-cache`: how long a gateway may cache an answer. */
  readonly cache?: CacheRule;
  /** `x-atlas-timeout`: how long a gateway waits for the answer, in milliseconds. */
  readonly timeoutMs?: number;
  /** Alternatives, of which one is enough. Empty: public. */
  readonly security: readonly SecurityAlternative[];
  readonly params: readonly Param[];
  readonly body?: RequestBody;
  readonly responses: readonly Response<Status>[];
  /**
   * Present if the header parameter `Idempotency-Key` is listed. If it is `required`, a request without it gets 400.
   */
  readonly idempotency?: { readonly required: boolean };
  /**
   * Present if the header parameter `If-Match` is listed. If it is `required`, a request without it gets 428. Its tags
   * are versions unless they are `opaque`.
   */
  readonly ifMatch?: { readonly required: boolean; readonly opaque?: true };
}

/** Who may get a cached answer: everybody who may call the operation, or only the same caller. */
export interface CacheRule {
  readonly maxAgeSeconds: number;
  readonly scope: 'principal' | 'public';
}

/** A security scheme, with all roles that the caller must have. */
export interface SecurityAlternative {
  readonly scheme: string;
  readonly roles: readonly string[];
  /** Whether the request is signed by Standard Webhooks. Then there is no token, and no role. */
  readonly webhook?: true;
}

/** A path, query or header parameter, without Idempotency-Key and If-Match, which the plumbing handles. */
export interface Param {
  readonly loc: Loc;
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly style: 'simple' | 'label' | 'matrix' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject';
  readonly explode: boolean;
  /** Whether a query parameter may be given without a value. It then counts as not given. */
  readonly allowEmpty?: true;
  /** Schema with `$ref`s of the form `#/components/...` into `HttpApi.wireDocument`. */
  readonly schema: JsonValue;
  /** What the text is parsed into before validation. */
  readonly shape: ParamShape;
}

export type ParamPrimitive = 'string' | 'integer' | 'number' | 'boolean';
export type ParamShape =
  | { readonly kind: ParamPrimitive }
  | { readonly kind: 'array'; readonly items: ParamPrimitive }
  | {
      readonly kind: 'object';
      readonly properties: Readonly<Record<string, ParamPrimitive>>;
      /** The type of further members, if the schema says that there may be some. */
      readonly additional?: ParamPrimitive;
    };

export interface RequestBody {
  readonly loc: Loc;
  readonly required: boolean;
  readonly mediaType: string;
  readonly schema: JsonValue;
  /** `x-atlas-body-limit`: the longest body, in bytes. If absent, the default of the plumbing applies. */
  readonly limit?: number;
}

/** One declared status of an operation. */
export interface Response<Status = number> {
  readonly loc: Loc;
  readonly status: Status;
  readonly description: string;
  readonly content: ResponseContent;
  /** Whether the response header `ETag` is declared and is a version, so that the handler returns `version`. */
  readonly etag: boolean;
  /**
   * Declared response headers that the handler returns: all except those that the plumbing writes. An `ETag` that is
   * not a version is one of them.
   */
  readonly headers: readonly ResponseHeader[];
  /** 2xx only: the alternatives of events that it emits; absent if `x-atlas-emits` does not mention it. */
  readonly emits?: readonly EmitTuple[];
}

export type ResponseContent =
  | {
      readonly kind: 'json';
      readonly mediaType: string;
      readonly schema: JsonValue;
      /**
       * The media types in which a client may ask for text instead, in document order. Absent if there is no choice.
       */
      readonly texts?: readonly TextMediaType[];
    }
  /** RFC 9457; `codes` are the values that its `code` may have, empty if any value is allowed. */
  | { readonly kind: 'problem'; readonly codes: readonly string[] }
  | { readonly kind: 'empty' };

export interface ResponseHeader {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonValue;
  /** What the handler returns, before it is written as text. */
  readonly shape: { readonly kind: ParamPrimitive };
}
