import type { ConsumerTable, EffectTable, HandlerTable, ServiceContract, TimerTable } from '../contract/service.ts';
import { runProcess } from './runProcess.ts';
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
  await runProcess(contract.service, startService(contract, options));
}
