/** The schema registry as the runtime uses it: looked up once per schema, never per message, and never written. */
export interface RegistryPort {
  /** The id of exactly this text under this subject; undefined where it is not registered. Throws ATLAS_REGISTRY_UNAVAILABLE when out of reach. */
  idOf(subject: string, schemaText: string): Promise<number | undefined>;
  /** The text behind an id; undefined where there is none. */
  textOf(id: number): Promise<string | undefined>;
}
