import { dirname } from 'node:path';
import { EXIT } from '../diagnostics/usageError.ts';
import { generate, type GenerateOptions } from './generate.ts';
import type { Talk } from './talk.ts';
import { watchFolders } from './watchFolders.ts';

/** Editors save in several steps. Events within this time count as one change. */
const QUIET_MS = 30;

/**
 * Generates, and does so again whenever a file below the configuration's folder changes, until SIGINT or SIGTERM.
 * Findings do not end it. A change during a run causes one more run.
 */
export async function watch(options: GenerateOptions, talk: Talk): Promise<number> {
  const root = dirname(options.config);
  const textCache = new Map<string, string>();
  const stop = Promise.withResolvers<void>();
  let wake = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => wake.resolve(), QUIET_MS);
  };
  const watcher = watchFolders(root, changed, (error) => stop.reject(error));
  const end = (): void => stop.resolve();
  process.once('SIGINT', end).once('SIGTERM', end);
  const stopped = stop.promise.then(() => 'stopped' as const);
  try {
    for (;;) {
      wake = Promise.withResolvers<void>();
      await once({ ...options, textCache }, talk);
      talk.say('  watching for changes; press Ctrl-C to stop');
      if ((await Promise.race([wake.promise, stopped])) === 'stopped') return EXIT.clean;
    }
  } finally {
    clearTimeout(timer);
    watcher.close();
    process.removeListener('SIGINT', end).removeListener('SIGTERM', end);
  }
}

/** A crash ends one run, but not the watch, because the next save may fix it. */
async function once(options: GenerateOptions, talk: Talk): Promise<void> {
  try {
    await generate(options, talk);
  } catch (error) {
    talk.say(`atlas: ${error instanceof Error ? error.message : String(error)}`);
  }
}
