import { join } from 'node:path';
import { layoutOf } from '../layout.ts';
import { portClaims } from '../process/claims.ts';
import { freePort } from '../process/ports.ts';

export interface Ports {
  readonly rest: number;
  readonly admin: number;
}

export interface ServicePorts {
  readonly of: (service: string) => Ports;
  /** Releases the ports. */
  readonly release: () => void;
}

/** The port of the first service, if it is free. Each next service has a port further on. */
export const FIRST_PORT = 4010;
export const PORTS_APART = 100;

/**
 * Claims ports for services that people call. They are the same every time if they are free, so that an open page of
 * the API reference keeps working. A port stays claimed until `release` or the end of this process, so two commands
 * that start at the same time take different ones, although nothing listens on them yet.
 */
export async function servicePorts(services: readonly string[]): Promise<ServicePorts> {
  const claims = portClaims(join(layoutOf().cache, 'ports'));
  const taken = new Set<number>();
  const next = async (from: number): Promise<number> => {
    const port = await freePort(undefined, from, (candidate) => !taken.has(candidate) && claims.claim(candidate));
    taken.add(port);
    return port;
  };
  const ports = new Map<string, Ports>();
  for (const [index, service] of services.entries()) {
    const from = FIRST_PORT + PORTS_APART * index;
    ports.set(service, { rest: await next(from), admin: await next(from + 1) });
  }
  return {
    of: (service) => {
      const found = ports.get(service);
      if (found === undefined) throw new Error(`no port was claimed for ${service}`);
      return found;
    },
    release: claims.release,
  };
}
