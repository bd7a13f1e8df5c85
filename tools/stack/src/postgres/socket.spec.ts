import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { layoutOf } from '../layout.ts';
import { own } from './home.ts';
import { socketFolder } from './socket.ts';

const base = mkdtempSync(join(tmpdir(), 'atlas-socket-'));
afterAll(() => rmSync(base, { recursive: true }));

describe('the folder of the socket', () => {
  it('is the same for the same state folder, however deep that lies', () => {
    const layout = layoutOf(join(base, 'deep/'.repeat(40)), {});
    expect(socketFolder(layout)).toBe(socketFolder(layout));
    expect(socketFolder(layout)).not.toBe(socketFolder(layoutOf(base, {})));
    expect(socketFolder(layout)?.length).toBeLessThan(90);
  });

  it('is not used if the path of a socket would be too long', () => {
    expect(socketFolder(layoutOf(), join(base, 'x'.repeat(90)))).toBeUndefined();
  });

  it('is not used if it is a file', () => {
    const file = join(base, 'file');
    writeFileSync(file, '');
    expect(socketFolder(layoutOf(), file)).toBeUndefined();
  });

  // only root can give a folder away
  it.skipIf(process.getuid?.() !== 0)('is not used if it belongs to another user', () => {
    const folder = mkdtempSync(join(base, 'x'));
    expect(socketFolder(layoutOf(), folder)).toBe(folder);
    chownSync(folder, 4_242, 4_242);
    expect(socketFolder(layoutOf(), folder)).toBeUndefined();
    expect(() => own(folder, undefined)).toThrow(/belongs to another user/);
  });

  it('is closed to others before a server uses it', () => {
    const folder = mkdtempSync(join(base, 'x'));
    chmodSync(folder, 0o777);
    own(folder, undefined);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
});
