import type { FastifyInstance } from 'fastify';
import { FAULT_KINDS, type FaultKind, type Faults, type NewFault } from '../provider/faults.ts';
import type { Payout } from '../provider/objects.ts';
import type { Provider } from '../provider/provider.ts';
import type { WebhookOutbox } from '../webhooks/outbox.ts';
import { problem, send } from './problem.ts';

export interface AdminOptions {
  readonly provider: Provider;
  readonly faults: Faults;
  readonly outbox: WebhookOutbox;
  readonly payOut: () => readonly Payout[];
  readonly changed: () => void;
}

/** Adds operations that a real provider does not have: misbehaviour on request, and access to the internal state. */
export function addAdmin(app: FastifyInstance, { provider, faults, outbox, payOut, changed }: AdminOptions): void {
  for (const path of ['/health/live', '/health/ready'])
    app.get(path, (_request, reply) => reply.send({ status: 'ok' }));
  app.get('/_sandbox/faults', (_request, reply) => reply.send({ kinds: FAULT_KINDS, faults: faults.pending() }));
  app.post('/_sandbox/faults', (request, reply) => {
    const fault = faultIn(request.body);
    if (typeof fault === 'string') return send(reply, problem('invalid-request', fault));
    faults.add(fault);
    return reply.code(204).send();
  });
  app.delete('/_sandbox/faults', (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.get('/_sandbox/events', (_request, reply) => reply.send({ events: outbox.shown() }));
  app.post<{ Params: { id: string } }>('/_sandbox/events/:id/redeliver', (request, reply) => {
    if (!outbox.redeliver(request.params.id)) return send(reply, problem('not-found', 'there is no such event'));
    changed();
    return reply.code(204).send();
  });
  app.post<{ Params: { id: string } }>('/_sandbox/payment-intents/:id/pay', (request, reply) => {
    if (!provider.payNow(request.params.id))
      return send(reply, problem('not-found', 'there is no such payment intent that awaits payment'));
    changed();
    return reply.code(204).send();
  });
  app.post('/_sandbox/charges', (request, reply) => {
    const charge = chargeIn(request.body);
    if (typeof charge === 'string') return send(reply, problem('invalid-request', charge));
    return reply.code(201).send(provider.chargeSilently(charge));
  });
  app.post('/_sandbox/payouts', (_request, reply) => {
    const payouts = payOut();
    changed();
    return reply.code(201).send({ payouts });
  });
}

/** The fault in a body, or what is wrong with it. */
function faultIn(text: unknown): NewFault | string {
  const body = objectIn(text);
  if (!body) return 'the body is not a JSON object';
  const { kind, target, reference, times, delayMs, ...others } = body;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `${unknown} is unknown`;
  if (!isFaultKind(kind)) return `kind is not one of ${FAULT_KINDS.join(', ')}`;
  if (target !== undefined && typeof target !== 'string') return 'target is not text';
  if (reference !== undefined && typeof reference !== 'string') return 'reference is not text';
  if (times !== undefined && !isCount(times, 1)) return 'times is not a number from 1 to 1000000';
  if (delayMs !== undefined && !isCount(delayMs, 0)) return 'delayMs is not a number from 0 to 1000000';
  return {
    kind,
    ...(target === undefined ? {} : { target }),
    ...(reference === undefined ? {} : { reference }),
    ...(times === undefined ? {} : { times }),
    ...(delayMs === undefined ? {} : { delayMs }),
  };
}

function chargeIn(text: unknown): { amount: number; currency: string; reference: string } | string {
  const { amount, currency, reference } = objectIn(text) ?? {};
  if (!Number.isSafeInteger(amount) || Number(amount) < 1) return 'amount is not a count of minor units';
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return 'currency is not an ISO 4217 code';
  if (typeof reference !== 'string' || reference === '' || reference.length > 200) return 'reference is not text';
  return { amount: Number(amount), currency, reference };
}

function isFaultKind(value: unknown): value is FaultKind {
  return FAULT_KINDS.some((kind) => kind === value);
}

function isCount(value: unknown, least: number): value is number {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= 1_000_000;
}

function objectIn(text: unknown): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(typeof text === 'string' ? text : '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined; // the caller reports that it is not an object
  }
}
