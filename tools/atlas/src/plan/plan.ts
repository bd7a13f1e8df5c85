import type { Loc, Service, System } from '@atlas/ir';
import { outboxFiles } from '@atlas/templates/outbox';
import { messagesOf } from '@atlas/templates/events';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { collisions, deviceNames } from './collisions.ts';
import type { Content, Family, PlannedFile } from './plannedFile.ts';
import { reservedNames } from './reserved.ts';

export interface PlanResult {
  /** Sorted by path. */
  readonly files: readonly PlannedFile[];
  /** ATL6xxx: two things that would be one file or one name. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Every file of a system. `packageName` is the configuration's pattern with `{service}`. */
export function plan(system: System, options: { readonly packageName: string }): PlanResult {
  const files = [
    ...system.services.flatMap((service) =>
      serviceFiles(service, options.packageName.replaceAll('{service}', service.name)),
    ),
    ...systemFiles(system),
  ];
  return {
    files: files.toSorted((left, right) => (left.path < right.path ? -1 : 1)),
    diagnostics: [...collisions(files), ...deviceNames(files), ...system.services.flatMap(reservedNames)],
  };
}

function systemFiles({ services }: System): readonly PlannedFile[] {
  const [first] = services;
  return first
    ? [{ path: 'catalog.json', family: 'system', loc: documentStart(first.loc), content: { kind: 'catalog' } }]
    : [];
}

function serviceFiles(service: Service, name: string): readonly PlannedFile[] {
  const file = (path: string, family: Family, loc: Loc, content: Content): PlannedFile => ({
    path: `${service.name}/${path}`,
    family,
    service: service.name,
    loc,
    content,
  });
  return [
    file('package.json', 'package', service.loc, { kind: 'package-json', service, name }),
    file('index.ts', 'package', service.loc, { kind: 'index', service }),
    file('contract.ts', 'package', service.loc, { kind: 'contract', service }),
    ...httpFiles(service, file),
    ...eventFiles(service, file),
    ...outboxFiles(service).map(({ path, text }) =>
      file(`outbox/${path}`, 'outbox', service.loc, { kind: 'outbox', text }),
    ),
  ];
}

type MakeFile = (path: string, family: Family, loc: Loc, content: Content) => PlannedFile;

function httpFiles(service: Service, file: MakeFile): readonly PlannedFile[] {
  const api = service.http;
  if (!api) return [];
  const compiled = (['validators', 'serializers'] as const).flatMap((part) => [
    file(`http/compiled/${part}.js`, 'http', api.loc, { kind: 'http-compiled', api, part, declaration: false }),
    file(`http/compiled/${part}.d.ts`, 'http', api.loc, { kind: 'http-compiled', api, part, declaration: true }),
  ]);
  return [
    file('http/document.json', 'http', api.loc, { kind: 'http-document', api }),
    file('http/types.ts', 'http', api.loc, { kind: 'http-types', api }),
    file('client/index.ts', 'client', api.loc, { kind: 'client', service: service.name, api }),
    ...(api.operations.length > 0
      ? [file('http/operations.ts', 'http', api.loc, { kind: 'http-operations', api })]
      : []),
    ...(api.operations.length > 0 ? compiled : []),
    ...api.operations.map((operation) =>
      file(`http/${operation.id}.ts`, 'http', operation.loc, { kind: 'http-operation', api, operation }),
    ),
  ];
}

function eventFiles(service: Service, file: MakeFile): readonly PlannedFile[] {
  const loc = service.asyncapi?.loc ?? service.loc;
  return [
    ...messagesOf(service).flatMap((message) => [
      file(`events/${message.name}.ts`, 'events', message.loc, { kind: 'message', service, message }),
      file(`events/${message.name}.codec.ts`, 'events', message.loc, { kind: 'codec', service, message }),
    ]),
    ...service.receives.map((receive) =>
      file(`events/${receive.handler}.ts`, 'events', receive.loc, { kind: 'consumer', service, receive }),
    ),
    ...(service.sends.length > 0 ? [file('events/producers.ts', 'events', loc, { kind: 'producers', service })] : []),
    ...(service.receives.length > 0
      ? [file('events/consumers.ts', 'events', loc, { kind: 'consumers', service })]
      : []),
  ];
}

function documentStart({ file }: Loc): Loc {
  return { file, line: 1, column: 1, pointer: '' };
}
