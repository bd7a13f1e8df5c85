import { describe, expect, it } from 'vitest';
import { mainWith } from './mainWith.ts';

const MAIN = `import { contract } from '@atlas/generated-bookings';
import { cancelBooking } from './app/cancelBooking.ts';
import { makeBooking } from './app/makeBooking.ts';

await runService(contract, {
  handlers: {
    cancelBooking: cancelBooking({ bookings }),
    makeBooking: makeBooking({ bookings }),
  },
  consumers: {},
  timers: { onReminder: onReminder({ bookings }) },
});
`;

/** The lines that differ, each with "+". */
function added(text: string | undefined): readonly string[] {
  const before = new Set(MAIN.split('\n'));
  return (text ?? '').split('\n').filter((line) => !before.has(line));
}

describe('main.ts with one more handler', () => {
  it.each([
    ['handlers', 'getBooking', '    getBooking: getBooking(),'],
    ['consumers', 'onShowMoved', '  consumers: { onShowMoved: onShowMoved() },'],
    ['timers', 'onClosing', '  timers: { onReminder: onReminder({ bookings }), onClosing: onClosing() },'],
    ['effects', 'printTicket', '  effects: { printTicket: printTicket() },'],
  ] as const)('has it in %s', (table, name, line) => {
    const text = mainWith(MAIN, { table, name });
    expect(added(text)).toEqual([`import { ${name} } from './app/${name}.ts';`, line]);
  });

  it('has its import among the others, which are sorted', () => {
    const imports = (name: string) =>
      [...(mainWith(MAIN, { table: 'handlers', name }) ?? '').matchAll(/'\.\/app\/(\w+)\.ts'/g)].map(
        ([, file]) => file,
      );
    expect(imports('getBooking')).toEqual(['cancelBooking', 'getBooking', 'makeBooking']);
    expect(imports('archive')).toEqual(['archive', 'cancelBooking', 'makeBooking']);
    expect(imports('printBooking')).toEqual(['cancelBooking', 'makeBooking', 'printBooking']);
  });

  it.each([
    ['the call is not there', MAIN.replace('});', '})')],
    ['the table does not end', MAIN.replace('\n  },', '')],
  ])('is not made if %s', (_, text) => {
    const table = text.includes('\n  },') ? 'effects' : 'handlers';
    expect(mainWith(text, { table, name: 'getBooking' })).toBeUndefined();
  });
});
