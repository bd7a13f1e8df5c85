import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { contract } from '@atlas/generated-reporting';
import { deployContracts, serviceEnvironment, type ServiceProcess, spawnService } from '@atlas/stack';
import { expect } from 'vitest';
import { type Course, Log, play } from './histories.ts';
import { reportingDatabase, type ReportingDatabase } from './reportingDatabase.ts';
import { reportingTopics, type ReportingTopics, stackOf } from './reportingTopics.ts';

const COURSE: Course = {
  lines: 2,
  currency: 'EUR',
  approval: 'asked',
  terms: 'PREPAID',
  payment: 'paid',
  end: 'shipped in parts',
  returned: true,
};
const PROGRAM = fileURLToPath(new URL('../src/rebuild.ts', import.meta.url));

/** What `make rebuild` has printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Reporting as a process on topics and a database of its own. */
export interface Scene {
  readonly database: ReportingDatabase;
  readonly topics: ReportingTopics;
  readonly service: ServiceProcess;
  /** Sends the events of so many more orders. Gives how many events that are. */
  order(count: number): Promise<number>;
  /** Waits until the service has applied so many events. */
  applied(events: number): Promise<void>;
  /** Runs a rebuild in a process of its own. */
  rebuild(...args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> };
  one(statement: string): Promise<unknown>;
  /** Waits until a statement gives this value. */
  until(statement: string, value: unknown): Promise<void>;
  stop(): Promise<void>;
}

let made = 0;

export async function openScene(): Promise<Scene> {
  const stack = stackOf();
  const namespace = `rebuild-${process.pid}-${(made += 1)}-${Date.now().toString(36)}.`;
  const database = await reportingDatabase(`reporting_rebuild_${process.pid}_${made}`);
  await deployContracts(stack, { namespace });
  const topics = await reportingTopics(namespace);
  const env = { DATABASE_URL: database.url };
  const service = await spawnService(stack, contract.service, { namespace, name: `reporting-rebuild-${made}`, env });
  const log = new Log();
  const children = new Set<ChildProcess>();
  let orders = 0;
  let sent = 0;
  const one = async (statement: string): Promise<unknown> =>
    Object.values((await database.asOwner(statement))[0] ?? {})[0];
  return {
    database,
    topics,
    service,
    one,
    until: async (statement, value) => {
      await expect.poll(() => one(statement), { timeout: 60_000, interval: 10 }).toBe(value);
    },
    order: async (count) => {
      for (let n = 0; n < count; n += 1) play(log, (orders += 1), COURSE);
      await topics.send(log.messages.slice(sent));
      sent = log.messages.length;
      return sent;
    },
    applied: async (events) => {
      await expect.poll(() => one('SELECT count(*)::integer FROM atlas_inbox'), { timeout: 90_000 }).toBe(events);
    },
    rebuild: (...args) => {
      const child = spawn(process.execPath, [PROGRAM, ...args], {
        env: { ...process.env, ...serviceEnvironment(stack, contract.service), ...env, ATLAS_NAMESPACE: namespace },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.add(child);
      const texts = { out: '', err: '' };
      child.stdout.on('data', (text) => (texts.out += String(text)));
      child.stderr.on('data', (text) => (texts.err += String(text)));
      const ended = once(child, 'close').then(() => ({ code: child.exitCode, ...texts }));
      return { child, ended };
    },
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
      await service.stop();
      await topics.close();
      await database.close();
    },
  };
}
