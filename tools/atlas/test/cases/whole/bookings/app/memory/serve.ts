/** Serves a contract and its handlers over HTTP, with a store in memory. What a database does is tested elsewhere. */
import type { HandlerTable, Read, ServiceContract, Tx } from '@atlas/runtime';
import { AtlasError } from '@atlas/runtime';
import { createApp, LastStatements, type AppOptions } from '@atlas/runtime/internal/http';
import { promMetrics } from '@atlas/runtime/internal/metrics';

type Plumbing = AppOptions['plumbing'];
type Store = Plumbing['store'];
type Session = Parameters<Plumbing['txOf']>[0];
type Log = AppOptions['log'];

/** Starts the service on a free port. Each line of stdout is JSON: first its address, then what it logs. */
export async function serve<Handlers extends HandlerTable>(
  contract: ServiceContract<Handlers>,
  handlers: NoInfer<Handlers>,
): Promise<void> {
  const app = await createApp({
    operations: contract.operations,
    document: contract.document,
    handlers,
    plumbing: {
      store: memoryStore(),
      clock: { now: () => new Date(), monotonic: () => performance.now(), sleep: async () => {} },
      messages: contract.messages,
      txOf: (session) => opaque(session, isTx),
      readOf: (session) => opaque(session, isRead),
      wake: () => print({ message: 'woken' }),
    },
    // `Authorization: <subject> <role>…` is used instead of a token
    authenticator: {
      authenticate: async ({ authorization }) => {
        if (typeof authorization !== 'string') throw new AtlasError('ATLAS_UNAUTHENTICATED', 'no token');
        const [id = '', ...roles] = authorization.split(' ');
        return { id, roles };
      },
    },
    log: printing,
    metrics: promMetrics(contract.service),
  });
  print({ message: 'listening', url: await app.listen({ port: 0, host: '127.0.0.1' }) });
  process.once('SIGTERM', () => void app.close());
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const at =
  (level: string): Log['info'] =>
  ({ err, ...fields }, message) =>
    print({ level, message, ...fields, ...(err instanceof Error ? { error: err.message } : {}) });
const printing: Log = {
  debug: at('debug'),
  info: at('info'),
  warn: at('warn'),
  error: at('error'),
  child: () => printing,
};

/** Keeps answers by idempotency key, and drops events. */
function memoryStore(): Store {
  const kept = new Map<string, object>();
  const key = (principal: unknown, operation: unknown, name: unknown) => JSON.stringify([principal, operation, name]);
  const session: Session = {
    query: async ({ name }, values = []) => {
      if (name === 'atlas_idempotency_claim') {
        const found = kept.get(key(values[1], values[2], values[3]));
        return rows({ locked: true, digest: null, ...found });
      }
      // the values of the events come first
      const answerAt = new Map([
        ['atlas_flush_answer', 0],
        ['atlas_flush_one_and_answer', 13],
        ['atlas_flush_both', 13],
      ]).get(name);
      if (answerAt !== undefined) {
        const [principal, operation, given, digest, status, headers, body] = values.slice(answerAt);
        kept.set(key(principal, operation, given), { digest, status, headers: JSON.parse(String(headers)), body });
      }
      return rows({ version: null, kept: 1n });
    },
  };
  return {
    transaction: async (work) => {
      const result = await work(session);
      return result instanceof LastStatements ? result.run(session) : result;
    },
    read: (work) => work(session),
    close: async () => {},
  };
}

/** The row as the type that the statement promises. Nobody checks it, as in a driver. */
function rows<Row>(row: object): readonly Row[] {
  return Array.of(row).filter((found): found is Row & object => found === row);
}

function opaque<T extends object>(session: object, is: (session: object) => session is T): T {
  if (is(session)) return session;
  throw new Error('unreachable');
}

function isTx(session: object): session is Tx {
  return 'query' in session;
}

function isRead(session: object): session is Read {
  return 'query' in session;
}
