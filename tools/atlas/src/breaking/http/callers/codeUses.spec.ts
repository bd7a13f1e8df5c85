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
    ['a call', 'person.orders.getOrder({})', ['getOrder', 'orders']],
    ['a function that is passed on', 'retry(orders.getOrder)', ['getOrder']],
    ['a name in brackets', `orders['getOrder']({})`, ['getOrder']],
    ['a destructured client', 'const { getOrder } = orders;', ['getOrder']],
    ['a destructured client with another name', 'const { getOrder: get } = orders;', ['getOrder']],
    ['the type of an answer', `type A = ReturnType<Orders['getOrder']>;`, ['getOrder']],
  ])('has the member of %s', (_, text, members) => {
    expect(used(text).members.toSorted()).toEqual(members);
  });

  it('has calls by path', () => {
    expect(used(`client.GET('/orders/{id}', {})`).calls).toEqual(['GET /orders/{id}']);
  });

  it.each([
    ['in a comment', '// orders.getOrder'],
    ['in a text', `log('orders.getOrder')`],
    ['that is declared', 'const fake = { getOrder: () => 1 };'],
  ])('has no name %s', (_, text) => {
    expect(used(text).members).toEqual([]);
  });
});
