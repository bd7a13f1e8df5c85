import kafkajs, { type Admin } from 'kafkajs';
import type { Credentials } from '../info.ts';

/** Runs `work` with an admin client, which is closed afterwards. */
export async function withAdmin<T>(
  brokers: readonly string[],
  { username, password }: Credentials,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const client = new kafkajs.Kafka({
    clientId: 'atlas-stack',
    brokers: [...brokers],
    ssl: false,
    sasl: { mechanism: 'plain', username, password },
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 3_000,
    retry: { retries: 2, initialRetryTime: 100 },
  });
  const admin = client.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/**
 * True if the broker accepts the user, is a member of the cluster and coordinates groups. Asking for a group makes a
 * new broker create its offsets topic. Otherwise the first consumer would wait for that.
 */
export async function brokerAnswers(brokers: readonly string[], user: Credentials): Promise<boolean> {
  return withAdmin(brokers, user, async (admin) => {
    const { brokers: members, controller } = await admin.describeCluster();
    if (members.length === 0 || controller === null) return false;
    await admin.describeGroups(['atlas-stack']);
    return true;
  });
}
