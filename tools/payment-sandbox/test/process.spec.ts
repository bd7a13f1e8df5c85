import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { optionsOf } from '../src/environment.ts';
import { API_KEY, SECRET } from './merchant.ts';

const ENV = { WEBHOOK_URL: 'http://127.0.0.1:9/webhooks', WEBHOOK_SECRETS: SECRET, API_KEY };

describe('the environment of the sandbox', () => {
  it('may have random faults with a seed', () => {
    expect(optionsOf({ ...ENV, RANDOM_SEED: '7', RANDOM_ODDS: 'duplicate=0.5, lose=1' })).toMatchObject({
      port: 0,
      secrets: [SECRET],
      random: { seed: 7, odds: { duplicate: 0.5, lose: 1 } },
    });
  });

  it.each([
    [{ PORT: '80a' }, 'PORT'],
    [{ WEBHOOK_URL: 'ftp://x' }, 'WEBHOOK_URL'],
    [{ WEBHOOK_SECRETS: undefined }, 'WEBHOOK_SECRETS'],
    [{ API_KEY: '' }, 'API_KEY'],
    [{ RANDOM_ODDS: 'explode=1' }, 'RANDOM_ODDS'],
    [{ RANDOM_ODDS: 'lose=2' }, 'RANDOM_ODDS'],
    [{ RANDOM_SEED: 'x' }, 'RANDOM_SEED'],
  ])('with %j is refused with a sentence', (change, name) => {
    expect(optionsOf({ ...ENV, ...change })).toMatch(new RegExp(`^${name} is not`));
  });
});

describe('the process of the sandbox', () => {
  const start = (env: Readonly<Record<string, string>>) =>
    spawn(process.execPath, [fileURLToPath(new URL('../src/main.ts', import.meta.url))], { env });

  it('says where it listens, and ends on SIGTERM', async () => {
    const child = start(ENV);
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const { url, adminUrl }: { url: string; adminUrl: string } = JSON.parse(String(line));
    expect((await fetch(`${adminUrl}/health/ready`)).status).toBe(200);
    expect((await fetch(`${url}/v1/refunds/re_1`)).status).toBe(401);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('does not start with a malformed secret, and does not show it', async () => {
    const child = start({ ...ENV, WEBHOOK_SECRETS: 'hunter2' });
    const [line] = await once(createInterface({ input: child.stderr }), 'line');
    expect(line).toBe(
      'the payment sandbox cannot start: a webhook secret is not whsec_ and the base64 of 24 to 64 bytes',
    );
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
