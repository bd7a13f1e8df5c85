import type { JsonObject, JsonValue } from './json.ts';
import type { Loc } from './location.ts';
import type { EmitTuple } from './events.ts';
import type { TextMediaType } from './plumbing.ts';

/** The methods that a path item may have: OpenAPI 3.1, section 4.8.9. */
export const PATH_ITEM_METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/** The methods of operations: all of them but TRACE, which Atlas refuses. */
export type HttpMethod = Exclude<(typeof PATH_ITEM_METHODS)[number], 'trace'>;

export const HTTP_METHODS: readonly HttpMethod[] = PATH_ITEM_METHODS.filter((method) => method !== 'trace');

/** Whether a method only reads (RFC 9110, section 9.2.1): its operations get a reading session and send no events. */
export function isSafe(method: HttpMethod): boolean {
  return method === 'get' || method === 'head' || method === 'options';
}

/** One service's REST contract. `Status` is wider in the document of an outside system. */
export interface HttpApi<Status = number> {
  readonly loc: Loc;
  /** What comes before the paths of all operations in the service's routes: `/v3`. Absent if nothing does. */
  readonly basePath?: string;
  readonly title: string;
  readonly version: string;
  /**
   * The document with everything that it refers to in other files under `#/components`: self-contained, valid OpenAPI
   * 3.1, with the `x-atlas-*` keys and the author's order of keys. It is what the service serves.
   */
  readonly document: JsonObject;
  /**
   * The document as messages have to be, which types, validators and serialisers are made from: schemas of requests
   * refuse readOnly properties, schemas of responses writeOnly ones. The very `document` where there are none.
   */
  readonly wireDocument: JsonObject;
  /** Their schemas refer into `wireDocument`. Sorted by path as written, then by method in document order. */
  readonly operations: readonly Operation<Status>[];
  /** What is sent to others without being asked, signed by Standard Webhooks. In document order. */
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
  /** The operationId as the document spells it, where that is another text. */
  readonly spelled?: string;
  readonly method: HttpMethod;
  /** As in the document: `/v1/bookings/{bookingId}`. */
  readonly path: string;
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated: boolean;
  /** `x-atlas-sunset`, an ISO date. */
  readonly sunset?: string;
  /** `x-atlas-cache`: for how long a gateway may give an answer again. */
  readonly cache?: CacheRule;
  /** `x-atlas-timeout`: how long a gateway waits for the answer, in milliseconds. */
  readonly timeoutMs?: number;
  /** Alternatives, of which one is enough. Empty: public. */
  readonly security: readonly SecurityAlternative[];
  readonly params: readonly Param[];
  readonly body?: RequestBody;
  readonly responses: readonly Response<Status>[];
  /** Present where the header parameter `Idempotency-Key` is listed; where `required`, a missing one is a 400. */
  readonly idempotency?: { readonly required: boolean };
  /**
   * Present where the header parameter `If-Match` is listed; where `required`, a missing one is a 428. Its tags are
   * versions unless they are `opaque`.
   */
  readonly ifMatch?: { readonly required: boolean; readonly opaque?: true };
}

/** Who may get an answer again: everybody who may call the operation, or only the caller. */
export interface CacheRule {
  readonly maxAgeSeconds: number;
  readonly scope: 'principal' | 'public';
}

/** A security scheme, with the roles that the caller must have, all of them. */
export interface SecurityAlternative {
  readonly scheme: string;
  readonly roles: readonly string[];
  /** The request is signed by Standard Webhooks: there is no token, and no role. */
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
  /** A query parameter may be given without a value. It then counts as not given. */
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
  /** `x-atlas-body-limit`: the longest body, in bytes. Absent: the default of the plumbing. */
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
   * Declared response headers that the handler returns: all but those that the plumbing writes. An `ETag` that is not a
   * version is among them.
   */
  readonly headers: readonly ResponseHeader[];
  /** 2xx only: the alternatives of events that it emits; absent where `x-atlas-emits` does not mention it. */
  readonly emits?: readonly EmitTuple[];
}

export type ResponseContent =
  | {
      readonly kind: 'json';
      readonly mediaType: string;
      readonly schema: JsonValue;
      /** The media types in which a client may ask for text instead, in document order. Absent: there is no choice. */
      readonly texts?: readonly TextMediaType[];
    }
  /** RFC 9457; `codes` are the values that its `code` may have, empty where any value is allowed. */
  | { readonly kind: 'problem'; readonly codes: readonly string[] }
  | { readonly kind: 'empty' };

export interface ResponseHeader {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonValue;
  /** What the handler returns, before it is written as text. */
  readonly shape: { readonly kind: ParamPrimitive };
}
