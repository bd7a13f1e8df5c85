/** The parts of an ajv error that the explanations use. */
export interface SchemaError {
  /** JSON Pointer into the document. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** The refused key, if a schema for keys refuses it. */
  readonly propertyName?: string;
  /** The schema that contains the keyword. */
  readonly parentSchema?: unknown;
}

/** A compiled JSON Schema: returns whether the data is valid, and keeps the errors of the last call in `errors`. */
export interface CompiledSchema {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}
