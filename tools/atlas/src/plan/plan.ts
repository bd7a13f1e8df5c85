import type { Double, ForeignClient, Loc, Message, Service, System } from '@atlas/ir';
import { eventFiles } from '@atlas/templates/events';
import { outboxFiles } from '@atlas/templates/outbox';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { collisions, deviceNames } from './collisions.ts';
import type { Content, PlannedFile } from './plannedFile.ts';
import { reservedNames } from './reserved.ts';

export interface PlanResult {
  /** Sorted by path. */
  readonly files: readonly PlannedFile[];
  /** ATL6xxx: two things would have the same file or name. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Lists every file of a system. `packageName` is the configuration's pattern with `{service}`. The templates of timers,
 * effects and the gateway are only loaded if there are some.
 */
export async function plan(system: System, options: { readonly packageName: string }): Promise<PlanResult> {
  const files = [
    ...system.services.flatMap((service) =>
      serviceFiles(system, service, options.packageName.replaceAll('{service}', service.name)),
    ),
    ...(await laters(system.services)),
    ...system.doubles.flatMap((double) =>
      doubleFiles(double, options.packageName.replaceAll('{service}', double.name)),
    ),
    ...systemFiles(system),
    ...(await gatewayFiles(system, options.packageName.replaceAll('{service}', GATEWAY))),
  ];
  return {
    files: files.toSorted((left, right) => (left.path < right.path ? -1 : 1)),
    diagnostics: [...collisions(files), ...deviceNames(files), ...system.services.flatMap(reservedNames)],
  };
}

function systemFiles({ services }: System): readonly PlannedFile[] {
  const [first] = services;
  return first ? [{ path: 'catalog.json', loc: documentStart(first.loc), content: { kind: 'catalog' } }] : [];
}

/** The folder and the name of what is generated for the gateway. A service of that name would have the same files. */
const GATEWAY = 'gateway';

async function gatewayFiles({ gateway }: System, name: string): Promise<readonly PlannedFile[]> {
  if (!gateway) return [];
  const { servicesOf } = await import('@atlas/templates/gateway');
  const file = (path: string, content: Content): PlannedFile => ({
    path: `${GATEWAY}/${path}`,
    service: GATEWAY,
    loc: gateway.loc,
    content,
  });
  return [
    file('package.json', { kind: 'gateway-package', name }),
    file('index.ts', { kind: 'gateway-index', gateway }),
    ...servicesOf(gateway).map((service) => file(`routes/${service}.ts`, { kind: 'gateway-routes', gateway, service })),
    file('document.json', { kind: 'gateway-document', gateway }),
  ];
}

function serviceFiles(system: System, service: Service, name: string): readonly PlannedFile[] {
  const file = (path: string, loc: Loc, content: Content, source?: string): PlannedFile => ({
    path: `${service.name}/${path}`,
    service: service.name,
    loc,
    content,
    ...(source === undefined ? {} : { source }),
  });
  return [
    file('package.json', service.loc, { kind: 'package-json', service, name }),
    file('index.ts', service.loc, { kind: 'index', service }),
    file('contract.ts', service.loc, { kind: 'contract', service }),
    ...httpFiles(service, file),
    ...service.clients.flatMap((client) => clientFiles(client, file)),
    ...eventFiles(service, (message) => channelOf(system, message)).map((event) =>
      file(`events/${event.path}`, event.loc, { kind: 'event', file: event }, event.source),
    ),
    ...outboxFiles(service).map((outbox) =>
      file(`outbox/${outbox.path}`, service.loc, { kind: 'outbox', file: outbox }),
    ),
  ];
}

/** The files of timers and effects. */
async function laters(services: readonly Service[]): Promise<readonly PlannedFile[]> {
  const some = services.filter(({ timers, effects }) => timers.length + effects.length > 0);
  if (some.length === 0) return [];
  const { laterFiles } = await import('@atlas/templates/later');
  return some.flatMap((service) =>
    laterFiles(service).map((file): PlannedFile => ({
      path: `${service.name}/${file.path}`,
      service: service.name,
      loc: file.loc,
      content: { kind: 'later', file },
      ...(file.source === undefined ? {} : { source: file.source }),
    })),
  );
}

type MakeFile = (path: string, loc: Loc, content: Content) => PlannedFile;

function httpFiles(service: Service, file: MakeFile): readonly PlannedFile[] {
  const api = service.http;
  if (!api) return [];
  const { loc, operations } = api;
  return [
    file('http/document.json', loc, { kind: 'http-document', api }),
    file('http/types.ts', loc, { kind: 'http-types', api }),
    ...(service.roleGroups
      ? [file('http/roleGroups.ts', service.loc, { kind: 'role-groups', groups: service.roleGroups })]
      : []),
    file('client/index.ts', loc, { kind: 'client', service: service.name, api }),
    ...(operations.length > 0 || api.webhooks.length > 0
      ? [
          file('http/compiled/validators.js', loc, { kind: 'validators', api }),
          file('http/compiled/validators.d.ts', loc, { kind: 'validators-declaration', api }),
        ]
      : []),
    ...(operations.length > 0
      ? [
          file('http/operations.ts', loc, { kind: 'http-operations', api }),
          file('http/compiled/serializers.js', loc, { kind: 'serializers', api }),
          file('http/compiled/serializers.d.ts', loc, { kind: 'serializers-declaration', api }),
        ]
      : []),
    ...operations.map((operation) =>
      file(`http/${operation.id}.ts`, operation.loc, { kind: 'http-operation', operation, service }),
    ),
    ...(api.webhooks.length > 0 ? [file('webhooks/index.ts', loc, { kind: 'webhooks', api })] : []),
  ];
}

/** The client of an outside system. Its validators check the answers. */
function clientFiles({ name, api }: ForeignClient, file: MakeFile): readonly PlannedFile[] {
  return [
    file(`clients/${name}/index.ts`, api.loc, { kind: 'foreign-client', name, api }),
    ...schemaFiles(`clients/${name}`, api, file),
  ];
}

/** What a program needs to play an outside system: its types, validators of requests, and senders of webhooks. */
function doubleFiles({ name, api, loc }: Double, packageName: string): readonly PlannedFile[] {
  const file: MakeFile = (path, place, content) => ({
    path: `${name}/${path}`,
    service: name,
    loc: place,
    content,
  });
  return [
    file('package.json', loc, { kind: 'double-package-json', name: packageName, api }),
    file('http/document.json', api.loc, { kind: 'http-document', api }),
    ...schemaFiles('http', api, file),
    ...(api.webhooks.length > 0 ? [file('webhooks/index.ts', api.loc, { kind: 'webhooks', api })] : []),
  ];
}

function schemaFiles(folder: string, api: ForeignClient['api'], file: MakeFile): readonly PlannedFile[] {
  return [
    file(`${folder}/types.ts`, api.loc, { kind: 'http-types', api }),
    file(`${folder}/compiled/validators.js`, api.loc, { kind: 'validators', api }),
    file(`${folder}/compiled/validators.d.ts`, api.loc, { kind: 'validators-declaration', api }),
  ];
}

/** The key of a message's channel in the document that owns it. */
function channelOf({ topics }: System, { topic }: Message): string {
  return topics.find(({ name }) => name === topic)?.channel ?? topic;
}

function documentStart({ file }: Loc): Loc {
  return { file, line: 1, column: 1, pointer: '' };
}
