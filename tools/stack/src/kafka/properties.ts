/**
 * The values in the broker's settings. Passwords have only letters, digits, - and _, so JAAS strings need no escapes.
 */
export interface BrokerSettings {
  readonly port: number;
  readonly controllerPort: number;
  readonly dataFolder: string;
  readonly brokerPassword: string;
  /** Every user of PLAIN, including `admin`. They cannot change while the broker runs. */
  readonly users: Readonly<Record<string, string>>;
}

/**
 * The server.properties of one KRaft node (KIP-500) that is broker and controller. Both listeners use PLAIN. The
 * StandardAuthorizer (KIP-801) allows nothing without an ACL. Replication factors are one, and internal topics have few
 * partitions.
 */
export function brokerProperties({ port, controllerPort, dataFolder, brokerPassword, users }: BrokerSettings): string {
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="broker" password="${brokerPassword}" user_broker="${brokerPassword}"`;
  const userList = Object.entries(users).map(([name, password]) => ` user_${name}="${password}"`);
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `SASL_PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `SASL_PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'SASL_PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:SASL_PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT',
    'sasl.enabled.mechanisms': 'PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'sasl.mechanism.controller.protocol': 'PLAIN',
    'listener.name.sasl_plaintext.plain.sasl.jaas.config': `${login}${userList.join('')};`,
    'listener.name.controller.plain.sasl.jaas.config': `${login};`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:broker;User:admin',
    'allow.everyone.if.no.acl.found': 'false',
    'log.dirs': dataFolder,
    'num.partitions': '3',
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '3',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    'num.network.threads': '2',
    'num.io.threads': '2',
    'num.recovery.threads.per.data.dir': '1',
    'log.cleaner.threads': '1',
    'log.cleaner.dedupe.buffer.size': '8388608',
    'metric.reporters': '',
  };
  return `${Object.entries(lines)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}
