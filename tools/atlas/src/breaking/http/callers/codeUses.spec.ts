import { describe, expect, it } from 'vitest';
import { codeUses } from './codeUses.ts';

const used = (text: string) => {
  const { modules, members, calls } = codeUses('desk.ts', text);
  return { modules: [...modules], members: [...members], calls: [...calls] };
};

describe('what code uses', () => {
  it.each([
    ['an import', `import { a } from 'm';`],
    ['an import of types', `import type { A } from 'm';`],
    ['an import for its effect', `import 'm';`],
    ['a re-export', `export * from 'm';`],
    ['a dynamic import', `const a = await import('m');`],
  ])('has the module of %s', (_, text) => {
    expect(used(text).modules).toEqual(['m']);
  });

  it.each([
    ['a call', 'person.bookings.readBooking({})', ['bookings', 'readBooking']],
    ['a function that is passed on', 'retry(bookings.readBooking)', ['readBooking']],
    ['a name in brackets', `bookings['readBooking']({})`, ['readBooking']],
    ['a destructured client', 'const { readBooking } = bookings;', ['readBooking']],
    ['a destructured client with another name', 'const { readBooking: get } = bookings;', ['readBooking']],
    ['the type of an answer', `type A = ReturnType<Bookings['readBooking']>;`, ['readBooking']],
  ])('has the member of %s', (_, text, members) => {
    expect(used(text).members.toSorted()).toEqual(members);
  });

  it('has calls by path', () => {
    expect(used(`client.GET('/bookings/{id}', {})`).calls).toEqual(['GET /bookings/{id}']);
  });

  it.each([
    ['in a comment', '// bookings.readBooking'],
    ['in a text', `log('bookings.readBooking')`],
    ['that is declared', 'const fake = { readBooking: () => 1 };'],
  ])('has no name %s', (_, text) => {
    expect(used(text).members).toEqual([]);
  });
});
