/** The environment without settings meant for other Java programs: a QUARKUS_ or KC_ variable would change these. */
export function javaEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) =>
      !/^(QUARKUS_|KC_|KEYCLOAK_|APICURIO_|KAFKA_|REGISTRY_|JAVA_OPTS|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH)/.test(
        name,
      ),
  );
  return Object.fromEntries(kept);
}
