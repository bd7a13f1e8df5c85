import pg from 'pg';

/** Runs `work` on one connection, which is closed afterwards. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'atlas-stack',
    connectionTimeoutMillis: 10_000,
  });
  // Without a listener, a server that stops while the connection is idle would end this process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The URL of another database on the same server. */
export function urlOfDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(database)}`;
  return other.href;
}

/** The same URL for another user. */
export function urlOfUser(url: string, username: string, password: string): string {
  const other = new URL(url);
  other.username = encodeURIComponent(username);
  other.password = encodeURIComponent(password);
  return other.href;
}
