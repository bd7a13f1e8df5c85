import { consumersOf, pascal, type Loc, type Service } from '@atlas/ir';
import { messagesOf } from '@atlas/templates/events';
import { TAKEN } from '@atlas/templates/package';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** Names that a generated module of the service would declare twice (ATL6002, ATL6003). */
export function reservedNames(service: Service): readonly Diagnostic[] {
  return [...operationNames(service), ...messageNames(service), ...laterNames(service), ...exportNames(service)];
}

function messageNames(service: Service): readonly Diagnostic[] {
  return messagesOf(service)
    .filter(({ name }) => TAKEN.messageTypes.has(name) || TAKEN.consumerTypes.has(name))
    .map(({ name, loc }) => ({
      code: 'ATL6002',
      severity: 'error',
      message: `message "${name}" has a name that generated code uses`,
      loc,
      fix: 'name what happened, such as BookingMade',
    }));
}

function operationNames({ http }: Service): readonly Diagnostic[] {
  return (http?.operations ?? [])
    .filter(({ id }) => TAKEN.operationConsts.has(id))
    .map(({ id, loc }) => ({
      code: 'ATL6002',
      severity: 'error',
      message: `operationId "${id}" is a name that generated code uses`,
      loc,
      fix: 'write a verb and a noun, such as getBooking',
    }));
}

function laterNames(service: Service): readonly Diagnostic[] {
  const entries = [
    ...service.timers.map(({ name, payload }) => ({
      what: `timer "${name}"`,
      names: [payload.name],
      loc: payload.loc,
    })),
    ...service.effects.map(({ name, payload, outcome, loc }) => ({
      what: `effect "${name}"`,
      names: [name, payload.name, outcome.name],
      loc,
    })),
  ];
  return entries
    .filter(({ names }) =>
      names.some(
        (name) =>
          TAKEN.laterTypes.has(name) ||
          TAKEN.messageTypes.has(name) ||
          TAKEN.messageConsts.has(name) ||
          TAKEN.laterConsts.has(name),
      ),
    )
    .map(({ what, loc }) => ({
      code: 'ATL6002',
      severity: 'error',
      message: `${what} has a name that generated code uses`,
      loc,
      fix: 'say what is due or called, such as reservationExpiry or chargePayment',
    }));
}

/** index.ts exports operations, handlers, messages, payloads and events, which therefore need different names. */
function exportNames(service: Service): readonly Diagnostic[] {
  const taken = new Map<string, { readonly what: string; readonly loc: Loc } | undefined>(
    [...TAKEN.exports].map((name) => [name, undefined]),
  );
  const exported = [
    ...(service.http?.operations ?? []).map(({ id, loc }) => ({ name: pascal(id), what: `operation ${id}`, loc })),
    ...consumersOf(service).map(({ handler, first: { loc } }) => ({
      name: pascal(handler),
      what: `handler ${handler}`,
      loc,
    })),
    ...service.timers.flatMap(({ name, handler, payload, loc }) => [
      { name: pascal(handler), what: `the handler of timer ${name}`, loc },
      { name: payload.name, what: `the payload of timer ${name}`, loc },
    ]),
    ...service.effects.flatMap(({ name, payload, outcome, loc }) => [
      { name: pascal(name), what: `effect ${name}`, loc },
      { name: payload.name, what: `the payload of effect ${name}`, loc },
      { name: outcome.name, what: `the outcome of effect ${name}`, loc },
    ]),
    ...messagesOf(service).flatMap(({ name, loc }) => [
      { name, what: `message ${name}`, loc },
      { name: `${name}Event`, what: `the event of message ${name}`, loc },
    ]),
  ];
  return exported.flatMap(({ name, what, loc }): Diagnostic[] => {
    if (!taken.has(name)) {
      taken.set(name, { what, loc });
      return [];
    }
    const other = taken.get(name);
    return [
      {
        code: 'ATL6003',
        severity: 'error',
        message: `${what} and ${other?.what ?? 'a part of every service'} would both be exported as ${name}`,
        loc,
        fix: 'rename one of the two',
        ...(other ? { related: [{ loc: other.loc, message: 'the other one' }] } : {}),
      },
    ];
  });
}
