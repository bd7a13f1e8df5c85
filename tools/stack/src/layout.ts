import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The files and folders of a stack. There is one stack per repository, unless ATLAS_STACK_DIR names another folder. */
export interface Layout {
  /** The repository's root, with specs/ and generated/. */
  readonly root: string;
  /** The state folder. Everything below it belongs to this stack. */
  readonly dir: string;
  readonly data: string;
  readonly logs: string;
  readonly run: string;
  /** A file per program that runs on the stack, such as a service. */
  readonly programs: string;
  /** A file per running command that uses the stack without owning it. */
  readonly users: string;
  /** Addresses and passwords of the running stack, for its users. Mode 600. It exists only while the stack is up. */
  readonly infoFile: string;
  /** What `down` keeps: chosen ports and passwords. Mode 600. */
  readonly stateFile: string;
  readonly lockFile: string;
  /** Downloads, shared by all stacks of this user. */
  readonly cache: string;
  /** What Node has compiled, by file and content. A third of a start would be spent on compiling the same files. */
  readonly compiled: string;
}

const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** The layout of the stack of `root`, by default of the repository with this file. */
export function layoutOf(root: string = REPOSITORY, env: NodeJS.ProcessEnv = process.env): Layout {
  const dir = resolve(env['ATLAS_STACK_DIR'] ?? join(root, '.atlas/stack'));
  const cache = cacheFolder(env);
  return {
    root: resolve(root),
    dir,
    data: join(dir, 'data'),
    logs: join(dir, 'logs'),
    run: join(dir, 'run'),
    programs: join(dir, 'programs'),
    users: join(dir, 'users'),
    infoFile: join(dir, 'stack.json'),
    stateFile: join(dir, 'state.json'),
    lockFile: join(dir, 'up.lock'),
    cache,
    compiled: env['NODE_COMPILE_CACHE'] ?? join(cache, 'compiled'),
  };
}

/** `$ATLAS_CACHE`, or the user's cache folder by the XDG base directory specification. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  const own = env['ATLAS_CACHE'];
  if (own !== undefined && own !== '') return resolve(own);
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg === undefined || xdg === '' ? join(homedir(), '.cache') : resolve(xdg), 'atlas');
}
