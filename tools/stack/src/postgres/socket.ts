import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../layout.ts';
import { farHome } from './home.ts';
import { serverUser } from './osUser.ts';

/** The longest path of a Unix socket, in bytes: 107 on Linux, 103 on macOS (sun_path in sys/un.h, without the zero). */
const PATH_BYTES = process.platform === 'linux' ? 107 : 103;
/** The longest name that Postgres gives a socket in its folder. */
const LONGEST_NAME = '.s.PGSQL.65535';

/**
 * The folder for the Unix socket of a stack's Postgres, which no other user can enter. It is not below the state
 * folder, because a checkout often lies too deep. Undefined if its path is too long, or if another user has a file of
 * that name; then there is only TCP.
 */
export function socketFolder(layout: Layout, folder = farHome(layout)): string | undefined {
  if (Buffer.byteLength(join(folder, LONGEST_NAME)) > PATH_BYTES) return undefined;
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return folder;
  const owners = [process.getuid?.(), serverUser()?.uid];
  return found.isDirectory() && owners.includes(found.uid) ? folder : undefined;
}
