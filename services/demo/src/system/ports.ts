import { freePort } from '@atlas/stack';
import { SERVICES, type ServiceName } from './services.ts';

export interface Ports {
  readonly rest: number;
  readonly admin: number;
}

const FIRST = 4010;

/** The same ports every time if they are free, so that an open page of the API reference keeps working. */
export async function demoPorts(): Promise<Readonly<Record<ServiceName, Ports>>> {
  const taken = new Set<number>();
  const next = async (from: number): Promise<number> => {
    const port = await freePort(from, from, (candidate) => !taken.has(candidate));
    taken.add(port);
    return port;
  };
  const portsOf = async (service: ServiceName): Promise<Ports> => {
    const from = FIRST + 100 * SERVICES.indexOf(service);
    return { rest: await next(from), admin: await next(from + 1) };
  };
  return { orders: await portsOf('orders'), inventory: await portsOf('inventory') };
}
