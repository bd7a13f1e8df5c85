import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { contract } from '@atlas/generated-reporting';
import { deployContracts, mintToken, serviceEnvironment, spawnService } from '@atlas/stack';
import { expect } from 'vitest';
import type { AnyMessage } from '../src/projections/projection.ts';
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

/** Counts applied events. An event that was given up has a row as well. */
const APPLIED = `SELECT count(*)::integer FROM atlas_inbox WHERE consumer NOT LIKE '%(dead)'`;

/** The output of `make rebuild`, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A request to the service. A POST has a key, and `{}` as its body. */
export interface Ask {
  readonly method?: 'GET' | 'POST';
  readonly key?: string;
  /** Only `admin` by default. */
  readonly roles?: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly found: unknown;
}

/** A transaction that stays open, such as one with a lock. */
export interface Held extends AsyncDisposable {
  readonly letGo: () => Promise<void>;
}

/** Reporting as a process on topics and a database of its own. */
export interface Scene {
  readonly database: ReportingDatabase;
  /** The topics, for events that the service cannot apply. */
  readonly topics: ReportingTopics;
  /** Sends events that the service applies sooner or later. */
  send(...messages: readonly AnyMessage[]): Promise<void>;
  /**
   * Sends the events of `count` more orders, and waits until the service has applied everything that was sent so far.
   */
  order(count: number): Promise<void>;
  /** Runs a rebuild in a process of its own. */
  rebuild(...args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> };
  ask(path: string, asked?: Ask): Promise<Answer>;
  /** Runs the statement as the owner of the tables, in a transaction that stays open. */
  hold(statement: string): Promise<Held>;
  /** Kills the service. */
  kill(): Promise<void>;
  /** Starts the service again. */
  restart(): Promise<void>;
  one(statement: string): Promise<unknown>;
  /** Waits until a statement gives this value. */
  until(statement: string, value: unknown): Promise<void>;
  /** The identities of the tables, which differ from one set of tables to another. */
  tables(): ReturnType<ReportingDatabase['asOwner']>;
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
  // the group waits for a killed member until its session ends
  const started = { namespace, name: `reporting-rebuild-${made}`, env: { ...env, KAFKA_SESSION_SECONDS: '6' } };
  let service = await spawnService(stack, contract.service, started);
  const log = new Log();
  const children = new Set<ChildProcess>();
  let orders = 0;
  let sent = 0;
  const one = async (statement: string): Promise<unknown> =>
    Object.values((await database.asOwner(statement))[0] ?? {})[0];
  const send: Scene['send'] = async (...messages) => {
    await topics.send(messages);
    sent += messages.length;
  };
  return {
    database,
    topics,
    one,
    send,
    until: async (statement, value) => {
      await expect.poll(() => one(statement), { timeout: 60_000, interval: 10 }).toBe(value);
    },
    order: async (count) => {
      const before = log.messages.length;
      for (let n = 0; n < count; n += 1) play(log, (orders += 1), COURSE);
      await send(...log.messages.slice(before));
      const events = sent;
      await expect.poll(() => one(APPLIED), { timeout: 90_000 }).toBe(events);
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
    ask: async (path, { method = 'GET', key = 'none', roles = ['admin'] } = {}) => {
      const headers = {
        authorization: `Bearer ${await mintToken(stack, { sub: 'ada', roles })}`,
        ...(method === 'POST' ? { 'content-type': 'application/json', 'idempotency-key': key } : {}),
      };
      const answer = await fetch(service.url + path, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) });
      const found: unknown = await answer.json();
      return { status: answer.status, location: answer.headers.get('location'), found };
    },
    hold: async (statement) => {
      const [held, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const ended = database.asOwnerMeanwhile(statement, () => {
        held.resolve();
        return over.promise;
      });
      ended.catch(held.reject);
      await held.promise;
      const letGo = (): Promise<void> => {
        over.resolve();
        return ended;
      };
      return { letGo, [Symbol.asyncDispose]: letGo };
    },
    kill: () => service.stop('SIGKILL'),
    restart: async () => {
      service = await spawnService(stack, contract.service, started);
    },
    tables: () => database.asOwner(TABLES),
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
      await service.stop();
      await topics.close();
      await database.close();
    },
  };
}

const TABLES = `SELECT c.relname AS name, c.oid::bigint AS id FROM pg_class c
  WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    AND c.relname NOT IN ('projection', 'rebuild_run', 'atlas_migration') ORDER BY c.relname`;
