import type { CallContract } from '../client/requestOf.ts';
import type { ParamPrimitive, Validate } from '../contract/operation.ts';

/** One operation of an outside system as data, for its client function; generated. */
export interface ForeignContract extends Pick<CallContract, 'method' | 'path' | 'styles' | 'body' | 'idempotencyKey'> {
  /** Which groups of parameters it has, and the validator of `{path, query, header}`. */
  readonly params?: readonly ('path' | 'query' | 'header')[];
  readonly validateParams?: Validate;
  readonly validateBody?: Validate;
  /** By status as the document spells it: `201`, `4XX`, `default`. */
  readonly answers: Readonly<Record<string, AnswerContract>>;
}

/** The content that an answer with a status may have. */
export interface AnswerContract {
  /** `empty` means that the body is not read, because there is none or it is not JSON. */
  readonly kind: 'json' | 'problem' | 'empty';
  readonly validate?: Validate;
  /** The declared headers, as the document spells them. */
  readonly headers?: Readonly<Record<string, ParamPrimitive>>;
  readonly validateHeaders?: Validate;
}
