import { FAULT_KINDS } from './provider/faults.ts';
import type { SandboxOptions } from './startSandbox.ts';

/** The options in the environment, or a sentence about what is wrong. It has no values, because they may be secret. */
export function optionsOf(env: Readonly<Record<string, string | undefined>>): SandboxOptions | string {
  const { PORT = '0', HOST, WEBHOOK_URL, WEBHOOK_SECRETS, API_KEY, SANDBOX_FILE, RANDOM_SEED, RANDOM_ODDS } = env;
  if (!/^\d{1,5}$/.test(PORT)) return 'PORT is not a port';
  if (WEBHOOK_URL === undefined || !/^https?:$/.test(URL.parse(WEBHOOK_URL)?.protocol ?? ''))
    return 'WEBHOOK_URL is not an http or https address';
  if (WEBHOOK_SECRETS === undefined) return 'WEBHOOK_SECRETS is not set';
  if (API_KEY === undefined || API_KEY === '') return 'API_KEY is not set';
  const odds = oddsIn(RANDOM_ODDS ?? '');
  if (!odds) return 'RANDOM_ODDS is not a list such as duplicate=0.1,lose=0.05';
  if (RANDOM_SEED !== undefined && !/^\d{1,9}$/.test(RANDOM_SEED)) return 'RANDOM_SEED is not a number';
  return {
    port: Number(PORT),
    ...(HOST === undefined ? {} : { host: HOST }),
    webhookUrl: WEBHOOK_URL,
    secrets: WEBHOOK_SECRETS.split(',').map((secret) => secret.trim()),
    apiKey: API_KEY,
    ...(SANDBOX_FILE === undefined ? {} : { file: SANDBOX_FILE }),
    ...(RANDOM_SEED === undefined ? {} : { random: { seed: Number(RANDOM_SEED), odds } }),
  };
}

function oddsIn(text: string): NonNullable<SandboxOptions['random']>['odds'] | undefined {
  const odds: Record<string, number> = {};
  for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
    const [kind = '', value = ''] = part.trim().split('=');
    const chance = Number(value);
    if (!FAULT_KINDS.some((name) => name === kind) || value === '' || !(chance >= 0 && chance <= 1)) return undefined;
    odds[kind] = chance;
  }
  return odds;
}
