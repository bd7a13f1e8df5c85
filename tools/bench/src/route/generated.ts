import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, OperationContract, Read, Tx } from '@atlas/runtime';
import { createApp, LastStatements, type AppOptions } from '@atlas/runtime/internal/http';
import { promMetrics } from '@atlas/runtime/internal/metrics';
import { NotMeasurable } from '../row.ts';
import { quote, seats, type Wish } from './desk.ts';

const FOLDER = '.atlas/bench';
const SPECS = 'tools/bench/specs/atlas.config.yaml';

type App = Awaited<ReturnType<typeof createApp>>;
type Session = Parameters<AppOptions['plumbing']['txOf']>[0];

/**
 * The two operations as the toolkit generates them, with the runtime's plumbing: correlation id, parameters, body,
 * checked and serialised answer, metrics. There is no database behind them, because the peer has none: this row does
 * not measure transactions.
 */
export async function generatedApp(): Promise<App> {
  const { operations, document } = await generate();
  return createApp({
    operations,
    document,
    handlers: {
      listSeats: async ({ query }) => ({ status: 200, body: seats(limitOf(query)) }),
      quoteSeats: async ({ body }) => {
        if (!isWish(body)) throw new Error('the validator has accepted a wrong body');
        return { status: 200, body: quote(body) };
      },
    },
    plumbing: NO_DATABASE,
    authenticator: { authenticate: () => Promise.reject(new Error('both operations are public')) },
    log: SILENT,
    metrics: promMetrics('desk'),
  });
}

/** Generates code from the specs of the desk and gives its contract. */
async function generate(): Promise<{ readonly operations: readonly OperationContract[]; readonly document: Json }> {
  const { status, stderr } = spawnSync(process.execPath, ['tools/atlas/bin/atlas.js', 'generate', '--config', SPECS], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new NotMeasurable(`atlas generate exits with ${status}: ${stderr.slice(0, 500)}`);
  // Generated code finds the runtime here, as it would in a workspace.
  const modules = join(FOLDER, 'node_modules/@atlas');
  mkdirSync(modules, { recursive: true });
  rmSync(join(modules, 'runtime'), { force: true });
  symlinkSync(join(process.cwd(), 'tools/runtime'), join(modules, 'runtime'));
  const generated: unknown = await import(join(process.cwd(), FOLDER, 'generated/desk/contract.ts'));
  if (!isGenerated(generated)) throw new NotMeasurable('the generated contract has no operations');
  return generated.contract;
}

interface Generated {
  readonly contract: { readonly operations: readonly OperationContract[]; readonly document: Json };
}

function isGenerated(value: unknown): value is Generated {
  return typeof value === 'object' && value !== null && 'contract' in value;
}

function isWish(body: unknown): body is Wish {
  return typeof body === 'object' && body !== null && 'seats' in body;
}

function limitOf(query: unknown): number {
  return typeof query === 'object' && query !== null && 'limit' in query ? Number(query.limit) : 0;
}

const session: Session = { query: () => Promise.reject(new Error('there is no database')) };

const NO_DATABASE: AppOptions['plumbing'] = {
  store: {
    transaction: async (work) => {
      const result = await work(session);
      return result instanceof LastStatements ? result.run(session) : result;
    },
    read: (work) => work(session),
    close: async () => {},
  },
  clock: { now: () => new Date(), monotonic: () => performance.now(), sleep: async () => {} },
  messages: [],
  txOf: tx,
  readOf: read,
  wake: () => {},
};

function tx(from: Session): Tx {
  if (isTx(from)) return from;
  throw new Error('unreachable');
}

function read(from: Session): Read {
  if (isRead(from)) return from;
  throw new Error('unreachable');
}

function isTx(_value: object): _value is Tx {
  return true;
}

function isRead(_value: object): _value is Read {
  return true;
}

const SILENT: AppOptions['log'] = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (fields, message) => console.error(message, fields),
  child: () => SILENT,
};
