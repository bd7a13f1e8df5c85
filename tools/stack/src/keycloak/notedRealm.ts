import { notedWork } from '../notedWork.ts';
import { digestOf, type KeycloakAdmin } from './admin.ts';

interface NotedRealm {
  readonly keycloak: string;
  readonly representation: Readonly<Record<string, unknown>>;
  /** The file that notes the realm, beside the data of Keycloak. */
  readonly note: string;
  /** Logs in as an administrator. The first requests to a new Keycloak are slow, so it is called only if needed. */
  readonly login: () => Promise<KeycloakAdmin>;
}

/** Like `ensureRealm`, but does nothing if the realm is there and has not changed since the last time. */
export async function ensureNotedRealm({ keycloak, representation, note, login }: NotedRealm): Promise<void> {
  const realm = `${keycloak}/realms/${String(representation['realm'])}`;
  await notedWork({
    note,
    digest: String(digestOf(representation)),
    isThere: async () => (await fetch(realm, { signal: AbortSignal.timeout(5_000) })).ok,
    work: async () => (await login()).ensureRealm(representation),
  });
}
