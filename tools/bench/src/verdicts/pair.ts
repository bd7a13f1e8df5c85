/** An OpenAPI schema object, as it is in the document. */
export type Schema = Readonly<Record<string, unknown>> | boolean;

/** The schema of any text. */
export const text: Schema = { type: 'string' };

/** The schema of any whole number. */
export const whole: Schema = { type: 'integer' };

/** An OpenAPI operation without the parts that all pairs have in common. */
export type Operation = Readonly<Record<string, unknown>>;

/** Two versions of one operation, and whether the difference breaks clients. */
export interface Pair {
  /** Unique; also the path of the operation. */
  readonly id: string;
  readonly edit: string;
  readonly old: Operation;
  readonly next: Operation;
  /** Additional members of components/schemas, in each version. */
  readonly oldSchemas?: Readonly<Record<string, Schema>>;
  readonly nextSchemas?: Readonly<Record<string, Schema>>;
  /** Whether a client that obeys the old version can fail with the new one. */
  readonly breaks: boolean;
  /** The reason: what fails, or why nothing can fail. */
  readonly because: string;
}

const OK = { 200: { description: 'done' } };

/** A pair that differs in the schema of a required JSON body that clients send. */
export function sent(old: Schema, next: Schema): Pick<Pair, 'old' | 'next'> {
  const operation = (schema: Schema): Operation => ({
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: OK,
  });
  return { old: operation(old), next: operation(next) };
}

/** A pair that differs in the schema of the JSON body that clients receive. */
export function received(old: Schema, next: Schema): Pick<Pair, 'old' | 'next'> {
  const operation = (schema: Schema): Operation => ({
    responses: { 200: { description: 'done', content: { 'application/json': { schema } } } },
  });
  return { old: operation(old), next: operation(next) };
}

/** A pair that differs in the parameters. */
export function parameters(old: readonly object[], next: readonly object[]): Pick<Pair, 'old' | 'next'> {
  return { old: { parameters: old, responses: OK }, next: { parameters: next, responses: OK } };
}

/** A parameter of the query. */
export function query(name: string, schema: Schema, more: object = {}): object {
  return { name, in: 'query', schema, ...more };
}

/** A pair that differs in other parts of the operation. */
export function operations(old: Operation, next: Operation): Pick<Pair, 'old' | 'next'> {
  return { old: { responses: OK, ...old }, next: { responses: OK, ...next } };
}

/** An object schema. */
export function object(properties: Readonly<Record<string, Schema>>, more: object = {}): Schema {
  return { type: 'object', properties, ...more };
}
