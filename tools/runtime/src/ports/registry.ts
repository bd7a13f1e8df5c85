/** The schema registry. The runtime asks once per schema, not per message, and never writes. */
export interface RegistryPort {
  /**
   * The id of exactly this text under this subject, undefined if it is not registered. Throws `AtlasError`
   * ATLAS_REGISTRY_UNAVAILABLE if the registry does not answer.
   */
  idOf(subject: string, schemaText: string): Promise<number | undefined>;
  /** The text of the schema with this id, undefined if there is none. Throws like `idOf`. */
  textOf(id: number): Promise<string | undefined>;
}
