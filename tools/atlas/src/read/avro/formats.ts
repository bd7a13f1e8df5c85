/** The versions of Avro that AsyncAPI knows. Schemas of all of them are valid under 1.12. */
const VERSIONS = '1.8.2 1.9.0 1.9.1 1.9.2 1.10.0 1.10.1 1.10.2 1.11.0 1.11.1 1.11.2 1.11.3 1.11.4 1.12.0 1.12.1'.split(
  ' ',
);

/** The values of `schemaFormat` for Avro. */
export const AVRO_FORMATS: readonly string[] = VERSIONS.flatMap((version) =>
  ['', '+json', '+yaml'].map((suffix) => `application/vnd.apache.avro${suffix};version=${version}`),
);
