import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { digestOf, type KeycloakAdmin } from './admin.ts';

interface NotedRealm {
  readonly keycloak: string;
  readonly representation: Readonly<Record<string, unknown>>;
  /** The file with the digest of the realm that an earlier call has made in the same data. */
  readonly note: string;
  /** Logs in as an administrator. The first requests to a new Keycloak are slow, so it is called only if needed. */
  readonly login: () => Promise<KeycloakAdmin>;
}

/** Like `ensureRealm`, but does nothing if the realm is there and has not changed since the last time. */
export async function ensureNotedRealm({ keycloak, representation, note, login }: NotedRealm): Promise<void> {
  const digest = digestOf(representation);
  const noted = existsSync(note) ? readFileSync(note, 'utf8') : undefined;
  if (digest === noted && (await isThere(`${keycloak}/realms/${String(representation['realm'])}`))) return;
  // removed first, because a change that fails may have been done in part
  rmSync(note, { force: true });
  const admin = await login();
  await admin.ensureRealm(representation);
  writeFileSync(note, String(digest));
}

async function isThere(url: string): Promise<boolean> {
  return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
}
