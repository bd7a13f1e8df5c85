import { type Sandbox, startSandbox } from '@atlas/payment-sandbox';
import {
  gatewayProgram,
  programsOf,
  type StackInfo,
  startSystem,
  type System,
  type SystemOptions,
  webhookSecret,
} from '@atlas/stack';

/** The API key by which Billing calls the provider. It is good for a provider on this machine only. */
const API_KEY = 'sk_test_demo';

export interface ErpOptions extends Omit<SystemOptions, 'env' | 'programs'> {
  /** More variables of a program. */
  readonly env?: (program: string) => Readonly<Record<string, string>>;
}

/** All programs of the ERP, and the payment provider outside. */
export interface Erp {
  /** The only door: the address of the gateway. */
  readonly url: string;
  readonly system: System;
  readonly sandbox: Sandbox;
  readonly stop: () => Promise<void>;
}

/** Starts the provider, then the services and the gateway. Stops what it started if that fails. */
export async function startErp(stack: StackInfo, { env = () => ({}), ...options }: ErpOptions): Promise<Erp> {
  const gateway = gatewayProgram();
  if (gateway === undefined) throw new Error('the configuration has no gateway, or it cannot be started');
  let door: string | undefined;
  const sandbox = await startSandbox({
    webhookUrl: () => {
      if (door === undefined) throw new Error('the gateway has not started');
      return `${door}/v1/webhooks/payments/psp`;
    },
    secrets: [webhookSecret(stack, 'paymentProvider')],
    apiKey: API_KEY,
  });
  try {
    const system = await startSystem(stack, {
      ...options,
      programs: [...programsOf(), gateway],
      env: (program, urlOf) => {
        door = urlOf(gateway.name);
        const own = env(program);
        return program === 'billing'
          ? { PAYMENT_PROVIDER_URL: sandbox.url, PAYMENT_PROVIDER_KEY: API_KEY, ...own }
          : own;
      },
    });
    const stop = async (): Promise<void> => {
      await Promise.all([system.stop(), sandbox.stop()]);
    };
    return { url: system.process(gateway.name).url, system, sandbox, stop };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}
