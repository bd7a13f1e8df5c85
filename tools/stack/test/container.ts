import { type ChildProcess, spawn, spawnSync, type StdioOptions } from 'node:child_process';
import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ImageTree } from './imageTree.ts';

/** The user of the official images of Node has this number. */
const NODE_UID = 1000;
/** Folders that every Linux has. In the container they are the image's working folder, and the folder of `node`. */
const WORKDIR = '/srv';
const BIN = '/mnt';

/** What a compose file says about a container. */
export interface Restrictions {
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

export interface Container extends AsyncDisposable {
  /** Whether the restrictions apply. */
  readonly isClosed: boolean;
  /** Starts a command as the image's user. `node` is the Node that runs the tests. */
  run(command: readonly string[], env: Readonly<Record<string, string>>, stdio: StdioOptions): ChildProcess;
}

/**
 * Runs commands in the files of an image, without an engine: mounts of their own hide the machine's. There are the
 * folders that the steps of the image make. The file system is read-only and rights are dropped as the compose file
 * says. `volume` has the files that the volume at the folder ATLAS_STACK_DIR has. Where this process may not mount,
 * for example because its user is not root, commands have the rights of the user, and can write.
 */
export async function containerOf(
  tree: ImageTree,
  { read_only = false, cap_drop = [], security_opt = [] }: Restrictions,
  volume: readonly string[],
): Promise<Container> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-container-'));
  // also serves as the list of groups, which begins with the same columns
  const passwd = join(folder, 'passwd');
  await writeFile(passwd, `root:x:0:0::/:/bin/sh\nnode:x:${NODE_UID}:${NODE_UID}::/:/bin/sh\n`);
  for (const file of volume) await cp(file, join(folder, 'volume', basename(file)));
  // the working folder of an image can be read by all
  await chmod(tree.folder, 0o755);
  const state = tree.env['ATLAS_STACK_DIR'];
  if (state === undefined) throw new Error('the image does not say where its state is');
  const script = `
    mount --bind '${passwd}' /etc/passwd
    mount --bind '${passwd}' /etc/group
    mount -t tmpfs tmpfs '${dirname(state)}'
    ${tree.prepares.join('\n')}
    cp '${folder}'/volume/* '${state}'
    chown '${tree.user}:${tree.user}' '${state}'/*
    mount --bind '${dirname(process.execPath)}' ${BIN}
    mount --bind '${tree.folder}' ${WORKDIR}
    ${read_only ? `mount --rbind / / && mount -o remount,ro,bind / && mount -o remount,ro '${dirname(state)}'` : ''}
    cd ${WORKDIR}
    exec setpriv "--reuid=$(id --user '${tree.user}')" "--regid=$(id --group '${tree.user}')" --clear-groups \\
      ${cap_drop.includes('ALL') ? '--bounding-set=-all' : ''} \\
      ${security_opt.includes('no-new-privileges:true') ? '--no-new-privs' : ''} "$@"`;
  const isClosed = spawnSync('unshare', ['--mount', 'true']).status === 0;
  return {
    isClosed,
    run: (command, env, stdio) => {
      const path = `${BIN}:${process.env['PATH'] ?? ''}`;
      if (isClosed)
        return spawn('unshare', ['--mount', 'sh', '-ec', script, 'sh', ...command], {
          stdio,
          env: { PATH: path, ...env },
        });
      const [program = '', ...args] = command;
      const stack = { ATLAS_STACK_DIR: join(folder, 'volume') };
      return spawn(program === 'node' ? process.execPath : program, args, {
        cwd: tree.folder,
        stdio,
        env: { PATH: path, ...env, ...stack },
      });
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
