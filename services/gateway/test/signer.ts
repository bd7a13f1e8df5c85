import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureKeys, mintToken } from '@atlas/stack';

/** Signs tokens. */
export type Signer = Awaited<ReturnType<typeof signer>>;

/** A new key pair, in a temporary folder. */
export async function signer() {
  const data = mkdtempSync(join(tmpdir(), 'atlas-gateway-'));
  const auth = await ensureKeys({ data });
  return {
    auth,
    bearer: async (sub: string, roles: readonly string[], expiresIn = '1h') =>
      `Bearer ${await mintToken({ auth }, { sub, roles, expiresIn, audience: ['shows', 'tickets'] })}`,
    close: () => rmSync(data, { recursive: true }),
  };
}
