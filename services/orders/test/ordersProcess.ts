import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The service as its operators start it: a process of its own. */
export interface OrdersProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** Resolves once it listens; throws what it had to say where it does not. */
export async function ordersProcess(env: Readonly<Record<string, string>>): Promise<OrdersProcess> {
  const main = new URL('../src/main.ts', import.meta.url);
  const child = spawn(process.execPath, [main.pathname], { env: { ...process.env, ...env }, stdio: 'pipe' });
  const said: string[] = [];
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  child.stderr.on('data', (text: Buffer) => said.push(text.toString('utf8')));
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    const url = listening(line);
    if (url === undefined) continue;
    child.stdout.resume();
    return { url, stop };
  }
  throw new Error(`orders did not start:\n${said.join('\n')}`);
}

function listening(line: string): string | undefined {
  const entry: unknown = JSON.parse(line);
  if (typeof entry !== 'object' || entry === null || !('msg' in entry) || entry.msg !== 'listening') return undefined;
  return 'url' in entry && typeof entry.url === 'string' ? entry.url : undefined;
}
