import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureKeys, mintToken } from '@atlas/stack';

/** No stack runs. */
const NOTHING = { host: '', port: 0, adminUrl: '', services: {} };

/** A key pair of its own, in a temporary folder. */
export async function signer() {
  const data = mkdtempSync(join(tmpdir(), 'atlas-gateway-'));
  const auth = await ensureKeys({ data });
  return {
    auth,
    bearer: async (sub: string, roles: readonly string[], expiresIn = '1h') =>
      `Bearer ${await mintToken({ auth, postgres: NOTHING }, { sub, roles, audience: ['tickets'], expiresIn })}`,
    close: () => rmSync(data, { recursive: true }),
  };
}
