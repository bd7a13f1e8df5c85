import { AtlasError } from '../contract/atlasError.ts';

/**
 * Runs something that is being started as a process. Stops it gracefully on SIGTERM or SIGINT, and exits at once on a
 * second signal. If the start fails, it writes one line to stderr and exits with code 1.
 */
export async function runProcess(name: string, starting: Promise<{ stop(): Promise<void> }>): Promise<void> {
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    process.stderr.write(`${name}: ${signal}, stopping\n`);
    starting
      .then((running) => running.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${name} did not stop cleanly: ${reasonOf(error)}\n`);
          process.exit(1);
        },
      );
  };
  // before anything listens, because a supervisor that reads "listening" may send a signal at once
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  try {
    await starting;
  } catch (error) {
    process.stderr.write(`${name} can't start: ${reasonOf(error)}\n`);
    process.exit(1);
  }
}

/** The message of an error that the runtime knows. Any other error is a bug, so its stack is printed. */
function reasonOf(error: unknown): string {
  if (error instanceof AtlasError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
