#!/usr/bin/env node
import module from 'node:module';

const NEEDED = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED) await withNewerNode();
else {
  module.enableCompileCache?.();
  // A pipe that nobody reads any more, as in `atlas graph | head`.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE') throw error;
    });
  process.exitCode = (await nothingToDo()) ? 0 : await whole();
}

async function whole() {
  try {
    const { run } = await import('../src/cli/main.ts');
    return await run(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`atlas: this installation does not start: ${error.message.split('\n')[0]}\n`);
    if (process.argv.includes('--debug')) process.stderr.write(`${error.stack}\n`);
    return 1;
  }
}

/** If nothing changed, `atlas generate` compares hashes and loads nothing else. */
async function nothingToDo() {
  const [verb, option, config, ...more] = process.argv.slice(2);
  const plain = option === undefined || (option === '--config' && config !== undefined && more.length === 0);
  if (verb !== 'generate' || !plain) return false;
  const { generateFast } = await import('../src/cli/unchanged.ts');
  return generateFast(config, process.cwd());
}

/** Node strips the types itself, and older versions cannot: this runs on the Node that the repository installed. */
async function withNewerNode() {
  const { spawn } = await import('node:child_process');
  const { constants } = await import('node:os');
  const node = localNode();
  if (node === undefined || process.env['ATLAS_NODE_TRIED'] === '1') {
    process.stderr.write(
      `atlas needs Node ${NEEDED} or newer, but this is ${process.versions.node}: install it, or run npm install --save-dev node@${NEEDED}\n`,
    );
    process.exitCode = 2;
    return;
  }
  const env = { ...process.env, ATLAS_NODE_TRIED: '1' };
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit', env });
  // A signal that ends this process must end the child too. Ctrl-C in a terminal reaches both by itself.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

function localNode() {
  for (const from of [`${process.cwd()}/package.json`, import.meta.url]) {
    try {
      return module.createRequire(from).resolve('node/bin/node');
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}
