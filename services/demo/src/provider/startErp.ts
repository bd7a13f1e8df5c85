import { type Sandbox, startSandbox } from '@atlas/payment-sandbox';
import { type StackInfo, startSystem, type System, type SystemOptions, webhookSecret } from '@atlas/stack';

/** The API key by which Billing calls the provider. It is good for a provider on this machine only. */
const API_KEY = 'sk_test_demo';

export interface ErpOptions extends Omit<SystemOptions, 'env' | 'programs'> {
  /** More variables of a program. */
  readonly env?: (program: string) => Readonly<Record<string, string>>;
}

/** All programs of the ERP, and the payment provider outside. */
export interface Erp {
  readonly system: System;
  readonly sandbox: Sandbox;
  stop(): Promise<void>;
}

/** Starts the provider, then the services. Stops what it started if that fails. */
export async function startErp(stack: StackInfo, { env = () => ({}), ...options }: ErpOptions): Promise<Erp> {
  let webhookUrl: string | undefined;
  const sandbox = await startSandbox({
    webhookUrl: () => {
      if (webhookUrl === undefined) throw new Error('Billing has not started');
      return webhookUrl;
    },
    secrets: [webhookSecret(stack, 'paymentProvider')],
    apiKey: API_KEY,
  });
  try {
    const system = await startSystem(stack, {
      ...options,
      env: (program, urlOf) => {
        webhookUrl = `${urlOf('billing')}/v1/webhooks/payments/psp`;
        const own = env(program);
        return program === 'billing'
          ? { PAYMENT_PROVIDER_URL: sandbox.url, PAYMENT_PROVIDER_KEY: API_KEY, ...own }
          : own;
      },
    });
    const stop = async (): Promise<void> => {
      await Promise.all([system.stop(), sandbox.stop()]);
    };
    return { system, sandbox, stop };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}
