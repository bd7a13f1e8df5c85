/** A schema as it is registered. */
export interface WrittenSchema {
  readonly text: string;
  /** The texts of the schemas whose types it uses. Each comes after those that it refers to itself. */
  readonly references: readonly string[];
}

/** The schema registry. The runtime asks once per schema, not per message, and never writes. */
export interface RegistryPort {
  /**
   * The id of exactly this text under this subject, undefined if it is not registered. Throws `AtlasError`
   * ATLAS_REGISTRY_UNAVAILABLE if the registry does not answer.
   */
  idOf(subject: string, schemaText: string): Promise<number | undefined>;
  /** The schema with this id, undefined if there is none or one of its references is missing. Throws like `idOf`. */
  schemaOf(id: number): Promise<WrittenSchema | undefined>;
}
