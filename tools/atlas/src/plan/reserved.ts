import type { Loc, Service } from '@atlas/ir';
import { messagesOf } from '@atlas/templates/events';
import { pascal } from '@atlas/templates/http';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** Names that generated modules declare beside what specs name. */
const IN_OPERATION_FILES: ReadonlySet<string> = new Set(['components', 'operations', 'validators', 'serializers']);
/** What the modules of a message and of its consumer import or take from the language, beside the message's own type. */
const IN_EVENT_FILES: ReadonlySet<string> = new Set(
  (
    'Array Buffer Date Object Promise Readonly Record String Uint8Array ' +
    'Codec ConsumerContract Ctx Event Handler Input MessageContract Meta Reader Result Tx Writer'
  ).split(' '),
);
const IN_INDEX: readonly string[] = ['Consumers', 'Handlers', 'components', 'contract'];

/** Names of one service that would be declared twice in one generated module (ATL6002, ATL6003). */
export function reservedNames(service: Service): readonly Diagnostic[] {
  return [...operationNames(service), ...messageNames(service), ...exportNames(service)];
}

function messageNames(service: Service): readonly Diagnostic[] {
  return messagesOf(service)
    .filter(({ name }) => IN_EVENT_FILES.has(name))
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
    .filter(({ id }) => IN_OPERATION_FILES.has(id))
    .map(({ id, loc }) => ({
      code: 'ATL6002',
      severity: 'error',
      message: `operationId "${id}" is a name that generated code uses`,
      loc,
      fix: 'write a verb and a noun, such as getBooking',
    }));
}

/** What index.ts exports: operations, handlers of messages, messages and their events share one namespace. */
function exportNames(service: Service): readonly Diagnostic[] {
  const taken = new Map<string, { readonly what: string; readonly loc: Loc } | undefined>(
    IN_INDEX.map((name) => [name, undefined]),
  );
  const exported = [
    ...(service.http?.operations ?? []).map(({ id, loc }) => ({ name: pascal(id), what: `operation ${id}`, loc })),
    ...service.receives.map(({ handler, loc }) => ({ name: pascal(handler), what: `handler ${handler}`, loc })),
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
