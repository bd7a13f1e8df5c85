import { type Sandbox, type SandboxOptions, startSandbox } from '@atlas/payment-sandbox';
import {
  cloneDatabase,
  type DatabaseUrls,
  dropDatabase,
  gatewayProgram,
  type Program,
  programsOf,
  type StackInfo,
  startSystem,
  type System,
  type SystemOptions,
  webhookSecret,
} from '@atlas/stack';

/** The API key with which Billing calls the provider. It is only for a provider on this machine. */
const API_KEY = 'sk_test_atlas';
/** The service that calls the provider and receives its webhooks. */
const BILLING = 'billing';

export interface ErpOptions extends Omit<SystemOptions, 'env' | 'programs' | 'databases' | 'namespace'> {
  /**
   * The name of a run that has a namespace and databases of its own, which are dropped at the end: lower case, digits
   * and underscores. By default the run uses those of the stack.
   */
  readonly isolated?: string;
  /** The services to start; by default all of the specs. */
  readonly services?: readonly string[];
  /** Whether to start the gateway. Without it, clients and the provider call the services directly. True by default. */
  readonly gateway?: boolean;
  /** The delays of the provider. */
  readonly delays?: SandboxOptions['delays'];
  /** More variables of a program. */
  readonly env?: (program: string) => Readonly<Record<string, string>>;
}

/** Programs of the ERP, and the payment provider outside. */
export interface Erp {
  /** The prefix of the names of topics, subjects and consumer groups. */
  readonly namespace: string;
  /** The databases of an isolated run, by service. */
  readonly databases: Readonly<Record<string, DatabaseUrls>>;
  readonly system: System;
  readonly sandbox: Sandbox;
  /** The API key for the provider's API. */
  readonly providerKey: string;
  readonly stop: () => Promise<void>;
}

/** Starts the provider, then the services and the gateway. Stops what it started if that fails. */
export async function startErp(stack: StackInfo, options: ErpOptions = {}): Promise<Erp> {
  const { isolated, services, gateway = true, delays, env = () => ({}), ...rest } = options;
  const chosen = programsOf().filter(({ name }) => services === undefined || services.includes(name));
  const door = gateway ? doorProgram() : undefined;
  await using undo = new AsyncDisposableStack();
  let doorUrl: string | undefined;
  const sandbox = await startSandbox({
    webhookUrl: () => {
      if (doorUrl === undefined) throw new Error('the system has not started');
      return `${doorUrl}/v1/webhooks/payments/psp`;
    },
    secrets: [webhookSecret(stack, 'paymentProvider')],
    apiKey: API_KEY,
    ...(delays === undefined ? {} : { delays }),
  });
  undo.defer(() => sandbox.stop());
  const databases = isolated === undefined ? {} : await freshDatabases(stack, chosen, isolated, undo);
  const namespace = isolated === undefined ? '' : `${isolated}.`;
  const system = await startSystem(stack, {
    ...rest,
    ...(isolated === undefined ? {} : { namespace, databases }),
    programs: door === undefined ? chosen : [...chosen, door],
    env: (program, urlOf) => {
      const own = env(program);
      if (program !== BILLING) return own;
      doorUrl = urlOf(door?.name ?? BILLING);
      return { PAYMENT_PROVIDER_URL: sandbox.url, PAYMENT_PROVIDER_KEY: API_KEY, ...own };
    },
  });
  undo.defer(() => system.stop());
  const kept = undo.move();
  return { namespace, databases, system, sandbox, providerKey: API_KEY, stop: () => kept.disposeAsync() };
}

function doorProgram(): Program {
  const program = gatewayProgram();
  if (program === undefined) throw new Error('the configuration has no gateway, or it cannot be started');
  return program;
}

/** Empty databases named after the run. A killed run may have left some with the same names: they are replaced. */
async function freshDatabases(
  stack: StackInfo,
  services: readonly Program[],
  run: string,
  undo: AsyncDisposableStack,
): Promise<Readonly<Record<string, DatabaseUrls>>> {
  const fresh = async ({ name }: Program): Promise<readonly [string, DatabaseUrls]> => {
    const database = `${name.replaceAll('-', '_')}_${run}`;
    undo.defer(() => dropDatabase(stack, database));
    return [name, await cloneDatabase(stack, name, database, { template: 'template1', replace: true })];
  };
  return Object.fromEntries(await Promise.all(services.map(fresh)));
}
