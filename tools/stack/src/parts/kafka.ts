import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../fetch/cached.ts';
import { classDataFlags, SMALL_JVM } from '../fetch/classData.ts';
import { javaEnvironment } from '../fetch/javaEnvironment.ts';
import { mavenCopyDependencies } from '../fetch/maven.ts';
import { writeSecret } from '../json.ts';
import { clusterIdOf } from '../kafka/clusterId.ts';
import { brokerAnswers } from '../kafka/admin.ts';
import { kafkaPom, KAFKA_VERSION } from '../kafka/pom.ts';
import { brokerProperties } from '../kafka/properties.ts';
import { run } from '../process/run.ts';
import { secret, type StackState } from '../state.ts';
import { type Part, type PartContext, portOf } from './part.ts';
import type { ExternalServers } from '../external.ts';
import type { Credentials } from '../info.ts';

const LOGGING = `status=error
shutdownHook=disable
appender.o.type=Console
appender.o.name=o
appender.o.layout.type=PatternLayout
appender.o.layout.pattern=%d{HH:mm:ss.SSS} %-5p %c{1} - %m%n
rootLogger.level=warn
rootLogger.appenderRef.o.ref=o
`;

/** One Kafka node in KRaft mode, with one user per service. Nothing is allowed without an ACL. */
export const kafka: Part = {
  name: 'kafka',
  title: 'Kafka',
  ports: { kafka: 19_092, kafkaController: 19_093 },
  stopSignal: 'SIGTERM',
  external: ({ kafka: own }) => own?.brokers.join(','),
  address: (state) => `127.0.0.1:${portOf(state, 'kafka')}`,
  settings: (context) => `${KAFKA_VERSION} ${propertiesOf(context)}`,
  plan: async (context) => {
    const { layout, tell, signal, log } = context;
    const [java, lib] = await Promise.all([context.java(), fetchKafka(context)]);
    const folder = join(layout.data, 'kafka');
    mkdirSync(folder, { recursive: true });
    const settings = join(folder, 'server.properties');
    writeSecret(settings, propertiesOf(context));
    writeFileSync(join(folder, 'log4j2.properties'), LOGGING);
    const jvm = (archive: string): readonly string[] => [
      '-Xmx256m',
      ...SMALL_JVM,
      ...classDataFlags(layout.cache, archive, java, lib),
      `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
      '-cp',
      classPathOf(lib),
    ];
    const env = javaEnvironment();
    // Written last, so that an interrupted format starts again.
    const formatted = join(folder, 'formatted');
    if (!existsSync(formatted)) {
      await rm(join(folder, 'data'), { recursive: true, force: true });
      tell('formatting its storage');
      const format = [
        'kafka.tools.StorageTool',
        'format',
        '--cluster-id',
        clusterIdOf(secret(context.state, 'kafka:cluster')),
        '--config',
        settings,
      ];
      await run(java.command, [...jvm(`kafka-format-${KAFKA_VERSION}`), ...format], { cwd: folder, env, log, signal });
      writeFileSync(formatted, `${KAFKA_VERSION}\n`);
    }
    return {
      command: java.command,
      args: [...jvm(`kafka-${KAFKA_VERSION}`), 'kafka.Kafka', settings],
      cwd: folder,
      env,
    };
  },
  ready: ({ external, state }) => brokerAnswers(brokersOf(external, state), adminOf(external, state)),
  configure: async () => undefined,
};

export function brokersOf(external: ExternalServers, state: StackState): readonly string[] {
  return external.kafka?.brokers ?? [`127.0.0.1:${portOf(state, 'kafka')}`];
}

export function adminOf(external: ExternalServers, state: StackState): Credentials {
  const { username, password } = external.kafka ?? { username: 'admin', password: secret(state, 'kafka:admin') };
  return { username, password };
}

/**
 * The users of the services. Users of PLAIN cannot be created on an external broker, so there all services are admin,
 * unless the environment has the password of the users that the broker knows.
 */
export function usersOf(
  external: ExternalServers,
  state: StackState,
  services: readonly string[],
): Readonly<Record<string, Credentials>> {
  const userOf = (service: string): Credentials => {
    if (external.kafka === undefined) return { username: service, password: secret(state, `kafka:${service}`) };
    const { username, password, servicePassword } = external.kafka;
    return servicePassword === undefined ? { username, password } : { username: service, password: servicePassword };
  };
  return Object.fromEntries(services.map((service) => [service, userOf(service)]));
}

function propertiesOf({ layout, state, services }: PartContext): string {
  const users = [adminOf({}, state), ...Object.values(usersOf({}, state, services))];
  return brokerProperties({
    port: portOf(state, 'kafka'),
    controllerPort: portOf(state, 'kafkaController'),
    dataFolder: join(layout.data, 'kafka/data'),
    brokerPassword: secret(state, 'kafka:broker'),
    users: Object.fromEntries(users.map(({ username, password }) => [username, password])),
  });
}

/** The folder with its jars. */
async function fetchKafka({ layout, signal, log, tell, java }: PartContext): Promise<string> {
  const { cache } = layout;
  const folder = await cached(`kafka-${KAFKA_VERSION}`, { cache, signal }, (draft) => {
    tell('fetching');
    return mavenCopyDependencies(kafkaPom(), draft, { cache, log, signal, java });
  });
  return join(folder, 'lib');
}

// Class data sharing needs the same class path in the same order every time, so the jars are sorted.
function classPathOf(lib: string): string {
  return readdirSync(lib)
    .sort()
    .map((jar) => join(lib, jar))
    .join(':');
}
