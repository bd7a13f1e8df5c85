import type { ServiceContract } from '../../contract/service.ts';
import { AtlasError } from '../../core/atlasError.ts';
import { startService, type RunningService, type ServiceOptions } from './startService.ts';

/**
 * A service as a process: starts it, stops it gracefully on SIGTERM or SIGINT, and leaves at once on a second signal. A start that
 * fails is one line on stderr and exit code 1. Call it last in main.ts.
 */
export async function runService<Handlers, Consumers>(
  contract: ServiceContract<Handlers, Consumers>,
  options: ServiceOptions<Handlers, Consumers>,
): Promise<void> {
  const { service } = contract;
  let running: RunningService;
  try {
    running = await startService(contract, options);
  } catch (error) {
    process.stderr.write(`${service} can't start: ${reasonOf(error)}\n`);
    process.exit(1);
  }
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    process.stderr.write(`${service}: ${signal}, stopping\n`);
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${service} did not stop cleanly: ${reasonOf(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** A sentence where the runtime knows what is wrong; a stack where it doesn't, since then it is a fault to be mended. */
function reasonOf(error: unknown): string {
  if (error instanceof AtlasError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
