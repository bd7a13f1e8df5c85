export const KAFKA_VERSION = '4.4.0';

// A broker never loads these: jose4j is for OAUTHBEARER, the others are for tools and Connect. Leaving out more would
// break codecs (snappy, lz4, zstd) or the new consumer protocol (hash4j).
const LEFT_OUT = [
  'org.scala-lang:scala-reflect',
  'commons-beanutils:commons-beanutils',
  'commons-collections:commons-collections',
  'commons-digester:commons-digester',
  'commons-logging:commons-logging',
  'com.fasterxml.jackson.dataformat:jackson-dataformat-yaml',
  'com.fasterxml.jackson.datatype:jackson-datatype-jdk8',
  'org.bitbucket.b_c:jose4j',
  'com.github.ben-manes.caffeine:caffeine',
] as const;

/** A POM that depends on the broker and on the log4j binding of its slf4j: 34 jars, 38 MB. */
export function kafkaPom(): string {
  const exclusions = LEFT_OUT.map((artifact) => {
    const [group = '', name = ''] = artifact.split(':');
    return `<exclusion><groupId>${group}</groupId><artifactId>${name}</artifactId></exclusion>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>atlas</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${KAFKA_VERSION}</version>
      <exclusions>
        ${exclusions.join('\n        ')}
      </exclusions>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>2.25.5</version>
    </dependency>
  </dependencies>
</project>
`;
}
