import type { StackInfo } from '../info.ts';
import { addressVariable, gatewayProgram } from './programs.ts';
import { type ServiceProcess, spawnService, type SpawnOptions } from './spawnService.ts';

export interface GatewayOptions extends SpawnOptions {
  /** The REST address of each service, by name. */
  readonly services: Readonly<Record<string, string>>;
  /** A free one by default. */
  readonly port?: number;
}

/**
 * Starts the gateway in front of services that are running. Throws if the repository has none, or as `spawnService`
 * does.
 */
export async function spawnGateway(
  info: StackInfo,
  { services, port = 0, env = {}, ...options }: GatewayOptions,
): Promise<ServiceProcess> {
  const program = gatewayProgram(options.root);
  if (program === undefined) throw new Error('there is no gateway in specs/atlas.config.yaml, or no services/gateway');
  const addresses = Object.entries(services).map(([name, url]) => [addressVariable(name), url]);
  return spawnService(info, program, {
    ...options,
    env: { ...Object.fromEntries(addresses), PORT: String(port), ...env },
  });
}
