import type { ConsumerTable, EffectTable, HandlerTable, ServiceContract, TimerTable } from '../contract/service.ts';
import { AtlasError } from '../contract/atlasError.ts';
import { startService, type ServiceOptions } from './startService.ts';

/**
 * Runs a service as a process: starts it, stops it gracefully on SIGTERM or SIGINT, and exits at once on a second
 * signal. If the start fails, it writes one line to stderr and exits with code 1. Call it last in main.ts.
 */
export async function runService<
  Handlers extends HandlerTable,
  Consumers extends ConsumerTable,
  Timers extends TimerTable,
  Effects extends EffectTable,
>(
  contract: ServiceContract<Handlers, Consumers, Timers, Effects>,
  options: ServiceOptions<Handlers, Consumers, Timers, Effects>,
): Promise<void> {
  const { service } = contract;
  const starting = startService(contract, options);
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    process.stderr.write(`${service}: ${signal}, stopping\n`);
    starting
      .then((running) => running.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${service} did not stop cleanly: ${reasonOf(error)}\n`);
          process.exit(1);
        },
      );
  };
  // before it listens, because a supervisor that reads "listening" may send a signal at once
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  try {
    await starting;
  } catch (error) {
    process.stderr.write(`${service} can't start: ${reasonOf(error)}\n`);
    process.exit(1);
  }
}

/** The message of an error that the runtime knows. Any other error is a bug, so its stack is printed. */
function reasonOf(error: unknown): string {
  if (error instanceof AtlasError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
