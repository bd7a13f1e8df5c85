import type { HttpApi, Message, Operation, Receive, Service, System } from '@atlas/ir';
import { describe, expect, it } from 'vitest';
import { plan } from './plan.ts';

const loc = { file: 'a.yaml', line: 1, column: 1, pointer: '' };

const operation = (id: string): Operation => ({
  loc,
  id,
  method: 'get',
  path: `/${id}`,
  deprecated: false,
  security: [],
  params: [],
  responses: [],
});
const message = (name: string): Message => ({
  loc,
  name,
  owner: 'a',
  topic: 't',
  recordName: `n.${name}`,
  subject: 's',
  schemaText: '{}',
  fingerprint: 'f',
  avro: { kind: 'record', loc, name: `n.${name}`, aliases: [], fields: [] },
});
const receive = (name: string): Receive => ({
  loc,
  operation: 'read',
  handler: `on${name}`,
  message: message(name),
  emits: [[]],
  retry: { retries: 1, baseMs: 1, capMs: 1, onDead: 'hold' },
});
const api = (...ids: readonly string[]): HttpApi => ({
  loc,
  title: '',
  version: '',
  document: {},
  wireDocument: {},
  webhooks: [],
  operations: ids.map(operation),
});

function planned(part: Partial<Service>): ReturnType<typeof plan> {
  const service: Service = {
    loc,
    name: 'tickets',
    clients: [],
    sends: [],
    receives: [],
    timers: [],
    effects: [],
    ...part,
  };
  const system: System = { services: [service], topics: [], doubles: [] };
  return plan(system, { packageName: '@x/{service}' });
}

const codes = async (part: Partial<Service>): Promise<readonly string[]> =>
  (await planned(part)).diagnostics.map(({ code }) => code);

describe('plan', () => {
  it('lists one file for each operation, message and handler', async () => {
    const { files, diagnostics } = await planned({
      http: api('getSeat'),
      sends: [message('SeatSold')],
      receives: [receive('ShowPlanned')],
    });
    expect(diagnostics).toEqual([]);
    expect(files.map(({ path }) => path)).toEqual(files.map(({ path }) => path).toSorted());
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'catalog.json',
        'tickets/package.json',
        'tickets/index.ts',
        'tickets/contract.ts',
        'tickets/http/getSeat.ts',
        'tickets/http/types.ts',
        'tickets/events/SeatSold.ts',
        'tickets/events/SeatSold.codec.ts',
        'tickets/events/ShowPlanned.ts',
        'tickets/events/onShowPlanned.ts',
        'tickets/client/index.ts',
      ]),
    );
  });

  it.each<[string, Partial<Service>, readonly string[]]>([
    ['operations that differ in case only', { http: api('getSeat', 'getseat') }, ['ATL6001']],
    ['an operation named like a file of every service', { http: api('types') }, ['ATL6001']],
    ['a message named like a table of every service', { sends: [message('Producers')] }, ['ATL6001']],
    ['an operation named like a device of Windows', { http: api('aux') }, ['ATL6005']],
    ['an operation named like what its module declares', { http: api('components') }, ['ATL6002']],
    ['an operation and a message of one name', { http: api('seatSold'), sends: [message('SeatSold')] }, ['ATL6003']],
    ['a message named like an export of every service', { sends: [message('Handlers')] }, ['ATL6003']],
    ['a message named like the event of another', { sends: [message('Seat'), message('SeatEvent')] }, ['ATL6003']],
    [
      'an operation named like a handler of events',
      { http: api('onSeatSold'), receives: [receive('SeatSold')] },
      ['ATL6003'],
    ],
  ])('refuses %s', async (_, part, expected) => expect(await codes(part)).toEqual(expected));

  it('refuses a message with the name of a type that files of events import', async () => {
    const { files } = await planned({ sends: [message('SeatSold')], receives: [receive('ShowPlanned')] });
    const texts = files.flatMap(({ content }) => (content.kind === 'event' ? String(content.file.body()) : []));
    const imports = texts.flatMap((text) => [
      ...text.matchAll(/^ *import (?:type )?\{(.*)\} from '@atlas\/runtime'/gm),
    ]);
    const names = imports.flatMap(([, list]) =>
      (list ?? '').split(',').map((item) => item.trim().replace('type ', '')),
    );
    expect(names).toContain('ConsumerContract');
    const accepted: string[] = [];
    for (const name of names)
      if (/^[A-Z]/.test(name) && (await codes({ sends: [message(name)] })).length === 0) accepted.push(name);
    expect(accepted).toEqual([]);
  });
});
