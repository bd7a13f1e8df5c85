/** An ajv error as far as the explanations use it. */
export interface SchemaError {
  /** JSON Pointer into the document. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** The key that is judged, where a schema of keys refuses it. */
  readonly propertyName?: string;
  /** The schema that holds the keyword. */
  readonly parentSchema?: unknown;
}

/** A compiled JSON Schema: answers whether the data is valid and leaves the errors of the last call on itself. */
export interface CompiledSchema {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}
