import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStack } from '../src/index.ts';
import { type Ended, javaServersOf, StackCommand } from './stackCommand.ts';

const USER = resolve(import.meta.dirname, 'useStack.ts');

const running = readStack();
if (running === undefined) throw new Error('no stack: run `make up` first');
/** With it, a stack starts Postgres and Redis only, which takes a tenth of the time. */
const FAST = javaServersOf(running);

/** A registry that is not ready until `answer` is called. */
async function lateRegistry(): Promise<
  AsyncDisposable & { readonly env: NodeJS.ProcessEnv; readonly answer: () => void }
> {
  let status = 503;
  const server = createServer((_, response) => response.writeHead(status).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    env: { ATLAS_REGISTRY_URL: `http://127.0.0.1:${port}` },
    answer: () => void (status = 200),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a command that uses the stack', { timeout: 180_000 }, () => {
  let stack: StackCommand;
  beforeAll(() => {
    stack = new StackCommand();
  });
  afterAll(() => stack.remove());

  /** Presses Ctrl-C again and again until the command has ended. */
  const interrupted = async (seen: string, env = FAST): Promise<Ended> => {
    const { child, output, ended } = stack.start(['use'], env, USER);
    await expect.poll(output, { timeout: 120_000 }).toContain(seen);
    const impatient = setInterval(() => child.kill('SIGINT'), 20);
    return ended.finally(() => clearInterval(impatient));
  };

  it('stops what it has started if it is interrupted, even again and again', async () => {
    const { code, output } = await interrupted('registry  starting', {});
    expect(output).toContain('stopped, together with all that it started');
    expect([code, stack.processes()]).toEqual([130, []]);
  });

  it('stops what it has started if its output is closed', async () => {
    const { child, ended } = stack.start(['use'], FAST, USER);
    child.stdout.once('data', () => child.stdout.destroy());
    expect([(await ended).code, stack.processes()]).toEqual([1, []]);
  });

  it('leaves a stack running that was up, even if a part of it had died', async () => {
    expect((await stack.run(['up'], FAST)).code).toBe(0);
    const before = stack.pids();
    expect((await interrupted('at work; the stack stays')).code).toBe(130);
    expect(stack.pids()).toEqual(before);
    process.kill(Number(before['redis']), 'SIGKILL');
    expect((await interrupted('at work; the stack stays')).code).toBe(130);
    expect((await stack.run(['status'], FAST)).code).toBe(0);
  });

  it('stops a stack after its work if a restart of the machine had ended that stack', async () => {
    for (const pid of Object.values(stack.pids())) process.kill(Number(pid), 'SIGKILL');
    const { code } = await interrupted('at work; the stack goes');
    expect([code, stack.processes()]).toEqual([130, []]);
  });

  it('leaves the stack to another one that uses it, and the last one stops it', async () => {
    const first = stack.start(['use'], FAST, USER);
    await expect.poll(first.output, { timeout: 120_000 }).toContain('at work; the stack goes');
    const second = stack.start(['use'], FAST, USER);
    await expect.poll(second.output, { timeout: 120_000 }).toContain('at work; the stack goes');
    expect(second.output()).toContain('another command has started it');
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
    expect((await stack.run(['status'], FAST)).code).toBe(0);
    second.child.kill('SIGINT');
    expect([(await second.ended).code, stack.processes()]).toEqual([130, []]);
  });

  it('may begin with some parts while another one does not answer yet', async () => {
    await using registry = await lateRegistry();
    const { child, output, ended } = stack.start(['use', '--early'], { ...FAST, ...registry.env }, USER);
    await expect.poll(output, { timeout: 120_000 }).toContain('at work with Postgres');
    expect(output()).not.toContain('✓ registry');
    expect((await stack.run(['status'], FAST)).code).toBe(1);
    registry.answer();
    await expect.poll(output, { timeout: 120_000 }).toContain('at work; the stack goes');
    expect(output()).toContain('✓ registry');
    child.kill('SIGINT');
    expect([(await ended).code, stack.processes()]).toEqual([130, []]);
  });

  it('stops what it has started if its work fails before all parts are up, and says why', async () => {
    await using registry = await lateRegistry();
    const { code, output } = await stack.run(['use', '--early', '--fail'], { ...FAST, ...registry.env }, USER);
    expect([code, output.trimEnd().split('\n').at(-1)]).toEqual([1, 'the work has failed']);
    expect(stack.processes()).toEqual([]);
  });

  it('names the part that fails while it is at work', async () => {
    const folder = join(stack.root, 'state/data/redis');
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(folder, 'in the way');
    const { code, output } = await stack.run(['use', '--early'], FAST, USER);
    rmSync(folder);
    expect([code, output]).toEqual([1, expect.stringMatching(/\nValkey: EEXIST/)]);
    expect(stack.processes()).toEqual([]);
  });

  it('stops the stack if its work fails, and says why', async () => {
    const { code, output } = await stack.run(['use', '--fail'], FAST, USER);
    expect([code, output.trimEnd().split('\n').at(-1)]).toEqual([1, 'the work has failed']);
    expect(stack.processes()).toEqual([]);
  });
});
