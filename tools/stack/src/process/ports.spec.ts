import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, isListening } from './ports.ts';

let server: Server;
let taken = 0;
beforeEach(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  taken = portOf(server.address());
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe('a free port', () => {
  it('is another one if the preferred one is taken', async () => {
    expect(await isListening(taken)).toBe(true);
    expect(await freePort(taken, taken, () => true)).toBeGreaterThan(taken);
  });

  it('is the preferred one if that is free', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await freePort(taken, 1, () => true)).toBe(taken);
    expect(await freePort(taken, taken, (port) => port !== taken)).toBeGreaterThan(taken);
  });
});

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
