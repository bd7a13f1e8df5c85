import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readStack, type StackInfo } from '@atlas/stack';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { lineOf } from '../../src/register/changes.ts';
import { register, type Registered } from '../../src/register/register.ts';
import { copyCase } from '../harness/caseFolder.ts';

/** Specs of a case, with their own namespace on the running stack. Disposal deletes the topics. */
export interface RegisterBench extends AsyncDisposable {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly namespace: string;
  readonly kafka: Kafka;
  readonly admin: Admin;
  register(dryRun?: boolean): Promise<Registered & { readonly lines: readonly string[] }>;
  /** Registers, and gives the code and the message of each finding, without the namespace. */
  codes(): Promise<readonly string[]>;
  /** Replaces text in a spec; throws if the spec does not have the text. */
  edit(file: string, from: string, to: string): Promise<void>;
  /** Topics in the namespace, without its prefix. */
  topics(): Promise<readonly string[]>;
  /** Sends a request to the registry. Returns the body, or the status if it is not 200. */
  registry(path: string, method?: string, body?: unknown): Promise<unknown>;
}

let count = 0;

export async function registerBench(name: string): Promise<RegisterBench> {
  const stack = readStack();
  if (!stack) throw new Error('no stack is up: make up');
  const namespace = `reg-${process.pid}-${Date.now().toString(36)}-${count++}.`;
  const folder = await copyCase(name);
  const kafka = clientOf(stack);
  const admin = kafka.admin();
  await admin.connect();
  const { username, password } = stack.kafka.admin;
  const env = {
    SCHEMA_REGISTRY_URL: stack.registry.url,
    KAFKA_BROKERS: stack.kafka.brokers.join(','),
    KAFKA_USERNAME: username,
    KAFKA_PASSWORD: password,
    ATLAS_NAMESPACE: namespace,
  };
  const config = join(folder, 'specs/atlas.config.yaml');
  const topics = async (): Promise<readonly string[]> =>
    (await admin.listTopics())
      .filter((topic) => topic.startsWith(namespace))
      .map((topic) => topic.slice(namespace.length))
      .toSorted();
  return {
    folder,
    env,
    namespace,
    kafka,
    admin,
    topics,
    async register(dryRun = false) {
      const registered = await register({ config, env, dryRun });
      return { ...registered, lines: (registered.result?.changes ?? []).map((change) => lineOf(change, dryRun)) };
    },
    async codes() {
      const { result } = await register({ config, env });
      const found = result?.diagnostics ?? [];
      return found.map(({ code, message }) => `${code} ${message.replaceAll(namespace, '')}`);
    },
    async edit(file, from, to) {
      const path = join(folder, 'specs', file);
      const text = await readFile(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
      await writeFile(path, text.replace(from, to));
    },
    async registry(path, method = 'GET', body?) {
      const response = await fetch(`${stack.registry.url}${path}`, {
        method,
        headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.ok ? response.json() : response.status;
    },
    async [Symbol.asyncDispose]() {
      const left = (await topics()).map((topic) => namespace + topic);
      if (left.length > 0) await admin.deleteTopics({ topics: left });
      await admin.disconnect();
      await rm(folder, { recursive: true });
    },
  };
}

function clientOf({ kafka }: StackInfo): Kafka {
  return new kafkajs.Kafka({
    clientId: 'atlas-register-test',
    brokers: [...kafka.brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    sasl: { mechanism: 'plain', ...kafka.admin },
  });
}
