import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stackStatus } from '@atlas/stack';
import { describe, expect, it } from 'vitest';
import { SERVICES } from '../src/system/services.ts';
import { demoCommand } from './command.ts';

const [first = ''] = SERVICES;

/** Rows of the timelines: time, service, what, correlationId. */
function rowsOf(stdout: string): readonly (readonly string[])[] {
  return stdout
    .split('\n')
    .filter((line) => /^ {2}\d\d:\d\d:\d\d\.\d{3} /.test(line))
    .map((line) => line.trim().split(/ {2,}/));
}

/** The running processes of this repository's services. */
function services(): readonly string[] {
  const folder = fileURLToPath(new URL('../../', import.meta.url));
  const { stdout } = spawnSync('ps', ['-eo', 'args='], { encoding: 'utf8' });
  const programs = SERVICES.flatMap((service) =>
    ['main', 'migrate'].map((name) => `${folder}${service}/src/${name}.ts`),
  );
  return stdout.split('\n').filter((line) => programs.some((program) => line.includes(program)));
}

describe('make demo ONCE=1', () => {
  it('prints both timelines, each under one correlation id, and exits with the verdict', async () => {
    const { exitCode, stdout, stderr } = await demoCommand(['--once']).ended();
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stderr).toBe('');
    const rows = rowsOf(stdout);
    const sku = /BOLT-[0-9A-F]{6}/.exec(stdout)?.[0] ?? '';
    expect(rows.map(([, service, what]) => `${service} ${what}`)).toEqual([
      'orders POST /v1/orders: DRAFT',
      'orders POST /v1/orders/{orderId}/place: PLACED',
      `orders OrderPlaced: 4 × ${sku}`,
      `inventory StockReserved: 4 × ${sku}`,
      'orders OrderReserved: version 3 awaits approval',
      'orders GET /v1/orders/{orderId}: AWAITING_APPROVAL',
      'orders POST /v1/orders: DRAFT',
      'orders POST /v1/orders/{orderId}/place: PLACED',
      `orders OrderPlaced: 8 × ${sku}`,
      `inventory StockReservationFailed: wants 8 × ${sku}, 6 free`,
      'orders OrderCancelled: INSUFFICIENT_STOCK',
      'orders GET /v1/orders/{orderId}: CANCELLED',
    ]);
    expect(new Set(rows.slice(0, 6).map(([, , , id]) => id)).size).toBe(1);
    expect(new Set(rows.slice(6).map(([, , , id]) => id)).size).toBe(1);
    expect(stdout.match(/^ {2}✓ (?=the|exactly|one)/gm)).toHaveLength(4);
  });
});

describe('make demo', () => {
  it('stays up at the addresses that it printed until Ctrl-C, and leaves nothing running', async () => {
    const command = demoCommand([]);
    await command.says('Everything stays up until Ctrl-C.');
    const addresses = (command.printed().match(/http:\S+\/(docs|metrics|health\/ready|subjects)/g) ?? []).toSorted();
    expect(addresses).toHaveLength(3 * SERVICES.length + 1);
    for (const address of addresses) expect((await fetch(address)).status, address).toBe(200);
    expect(services()).toHaveLength(SERVICES.length);
    command.interrupt();
    const { exitCode } = await command.ended();
    expect(exitCode).toBe(0);
    expect(services()).toEqual([]);
    const ours = addresses.filter((address) => !address.endsWith('/subjects'));
    for (const address of ours) await expect(fetch(address)).rejects.toThrow('fetch failed');
  });

  it.each(['… migrate', `… ${first}`])(
    'leaves no service running if it is interrupted at "%s", and leaves a stack as it was',
    async (seen) => {
      const before = await stackStatus();
      const command = demoCommand(['--once']);
      await command.says(seen);
      command.interrupt();
      const { exitCode, stderr } = await command.ended();
      expect([exitCode, stderr.trim()]).toEqual([130, 'stopped, together with all that it started']);
      expect(services()).toEqual([]);
      expect(await stackStatus()).toEqual(before);
    },
  );

  it('names the log of the service that fails, and stops the others', async () => {
    const { exitCode, stdout, stderr } = await demoCommand(['--once'], { LOG_LEVEL: 'loud' }).ended();
    expect(exitCode).toBe(1);
    for (const service of SERVICES) expect(stdout).toContain(`✗ ${service.padEnd(9)} failed`);
    expect(stderr).toMatch(/does not start\n.*LOG_LEVEL is not one of .*\n {2}log: .*\.log\n$/s);
    expect(stderr).toContain(`${first} does not start`);
    expect(stderr).not.toContain('    at ');
  });

  it('prints its usage if an argument is wrong', async () => {
    const { exitCode, stderr } = await demoCommand(['--twice']).ended();
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/--twice.*usage: make demo/s);
  });
});
