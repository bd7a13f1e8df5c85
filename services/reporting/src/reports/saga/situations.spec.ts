import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contract } from '@atlas/generated-reporting';
import { serviceOf } from '../topics.ts';
import { movedBy, OPEN_STATES, SITUATIONS, waitsFor } from './situations.ts';

const root = new URL('../../../../../', import.meta.url);
const TERMINAL = ['DRAFT', 'FULFILLED', 'CANCELLED'];

/** The names of the triggers that make an order leave a state, by the table in the README of Orders. */
function leavingTriggers(): ReadonlyMap<string, ReadonlySet<string>> {
  const readme = readFileSync(new URL('services/orders/README.md', root), 'utf8');
  const table = readme
    .slice(readme.indexOf('## States'))
    .split('\n')
    .filter((line) => line.startsWith('|'));
  const [header = [], , ...lines] = table.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const states = header.slice(1);
  return new Map(
    states.map((state, column) => [
      state,
      new Set(
        lines
          .filter((cells) => states.includes(cells[column + 1] ?? '') && cells[column + 1] !== state)
          .map(([trigger = '']) => trigger.split(/[ ,]/)[0] ?? ''),
      ),
    ]),
  );
}

const table = leavingTriggers();
const moves = SITUATIONS.flatMap((situation) => situation.moves);

interface Operation {
  readonly operationId?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

/** The roles that may call an operation of any service. Undefined if there is none with that name. */
function rolesOf(operation: string): readonly string[] | undefined {
  for (const service of ['orders', 'inventory', 'billing', 'workflow']) {
    const text = readFileSync(new URL(`generated/${service}/http/document.json`, root), 'utf8');
    const document: { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } =
      JSON.parse(text);
    for (const path of Object.values(document.paths))
      for (const { operationId, security = [] } of Object.values(path))
        if (operationId === operation) return security.flatMap((one) => Object.values(one).flat());
  }
  return undefined;
}

describe('the situations of orders', () => {
  it('cover all states that do not end an order', () => {
    expect([...table.keys()].filter((state) => !TERMINAL.includes(state))).toEqual(OPEN_STATES);
  });

  it.each(OPEN_STATES)('of %s name exactly the triggers that the README of Orders has for it', (state) => {
    const named = SITUATIONS.filter((one) => one.state === state).flatMap((one) =>
      one.moves.flatMap(({ triggers }) => triggers),
    );
    expect(new Set(named)).toEqual(table.get(state));
  });

  it.each(OPEN_STATES)('of %s end with one that always applies, and only that one does', (state) => {
    const always = SITUATIONS.filter((one) => one.state === state).map(({ when }) => when === undefined);
    expect(always).toEqual(always.map((_, index) => index === always.length - 1));
  });

  it.each(moves.flatMap(({ operation, by }) => (operation === undefined ? [] : [[operation, by] as const])))(
    'name %s only with roles that may call it',
    (operation, by) => {
      expect(rolesOf(operation)).toEqual(expect.arrayContaining([...by]));
    },
  );

  it.each(
    moves.flatMap(({ operation, by, triggers }) => (operation === undefined ? [[by[0] ?? '', triggers] as const] : [])),
  )('let %s act by itself only with its own events', (service, triggers) => {
    const senders = triggers.map((trigger) =>
      serviceOf(contract.consumers.find(({ message }) => message.name === trigger)?.message.topic ?? ''),
    );
    // the customer pays through Billing; other moves come from a service that has answered already
    const of = service === 'the customer' ? 'billing' : service;
    expect(service === 'orders' || senders.every((sender) => sender === of)).toBe(true);
    expect(senders).not.toContain('');
  });

  it('are described in sentences', () => {
    const facts = { deadline: new Date('2026-11-01T10:00:00Z'), invoiceNumber: 'INV-1' };
    for (const situation of SITUATIONS) {
      expect(waitsFor(situation, facts)).toMatch(/^[A-Z].+\.$/);
      expect(movedBy(situation)).not.toBe('');
    }
  });
});
