import type { TextMediaType } from '../http/textMediaTypes.ts';
import type { ProblemError } from './handler.ts';

/** Parsed JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A validator compiled at generation time. It returns undefined for a valid value, else what is wrong and where. */
export type Validate = (value: unknown) => readonly ProblemError[] | undefined;

/** A serialiser compiled at generation time. */
export type Serialize = (value: unknown) => string;

export type ParamPrimitive = 'string' | 'integer' | 'number' | 'boolean';

/** How one parameter's text becomes a value: OpenAPI 3.1, section 4.8.12 (style and explode). */
export interface ParamContract {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly style: 'simple' | 'label' | 'matrix' | 'form' | 'spaceDelimited' | 'pipeDelimited' | 'deepObject';
  readonly explode: boolean;
  /** `allowEmptyValue` of OpenAPI 3.1.1, section 4.8.12.2: without a value, the parameter is treated as absent. */
  readonly allowEmpty?: true;
  readonly shape:
    | { readonly kind: ParamPrimitive }
    | { readonly kind: 'array'; readonly items: ParamPrimitive }
    | {
        readonly kind: 'object';
        readonly properties: Readonly<Record<string, ParamPrimitive>>;
        /** The type of further members. Absent if there are none. */
        readonly additional?: ParamPrimitive;
      };
}

export interface ResponseContract {
  readonly kind: 'json' | 'problem' | 'empty';
  readonly mediaType?: string;
  /** The media types of text that a client may ask for instead. */
  readonly texts?: readonly TextMediaType[];
  /** The handler gives `version`, sent as `ETag: "<version>"` (RFC 9110, section 8.8.3). */
  readonly etag?: boolean;
  /** Response headers that the handler gives in `headers`. */
  readonly headers?: readonly string[];
  /** Validates these headers as the handler gives them, before they become text. */
  readonly validateHeaders?: Validate;
  readonly validate?: Validate;
  readonly serialize?: Serialize;
  /** Alternatives of event names; a name that ends in `*` means zero or more. Absent if the result has no `events`. */
  readonly emits?: readonly (readonly string[])[];
}

/** One operation as data: generated, and read by the HTTP plumbing. */
export interface OperationContract {
  readonly id: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** As the router spells it: `/v1/bookings/:bookingId`. */
  readonly url: string;
  /** As the document spells it: `/v1/bookings/{bookingId}`. */
  readonly path: string;
  /**
   * Alternatives. Within one, all roles are required. `webhook` means signed, without a token. An empty list means
   * public.
   */
  readonly security: readonly {
    readonly scheme: string;
    readonly roles: readonly string[];
    readonly webhook?: true;
  }[];
  readonly params: readonly ParamContract[];
  /** Validates `{path, query, header}`, the parsed parameters. */
  readonly validateParams?: Validate;
  readonly body?: {
    readonly required: boolean;
    readonly mediaType: string;
    readonly validate: Validate;
    /** The longest body in bytes. If absent, the service's default applies. */
    readonly limit?: number;
  };
  readonly idempotency?: { readonly required: boolean };
  /** Tags are versions unless they are `opaque`. */
  readonly ifMatch?: { readonly required: boolean; readonly opaque?: true };
  readonly responses: Readonly<Record<number, ResponseContract>>;
  /** Statuses of further responses: problems, without headers that the handler gives. */
  readonly problems?: readonly number[];
  readonly deprecated?: { readonly sunset?: string };
}

/** Methods that change nothing (RFC 9110, section 9.2.1): they get a session for reading, and may be sent again. */
export const READ_METHODS = ['GET', 'HEAD', 'OPTIONS'] as const;

export const READS: ReadonlySet<string> = new Set(READ_METHODS);
