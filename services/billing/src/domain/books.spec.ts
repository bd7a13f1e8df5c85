import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Books } from '../../test/books.ts';
import { netOf, stateOf, totalOf } from './invoice.ts';

const amount = fc.bigInt({ min: 1n, max: 2000n });
const index = fc.nat({ max: 5 });
const step = fc.oneof(
  amount.map((paid) => (books: Books) => books.pay(paid)),
  fc.tuple(index, fc.bigInt({ min: 0n, max: 100n })).map(
    ([line, percent]) =>
      (books: Books) =>
        books.ship(line, percent),
  ),
  fc.tuple(index, amount).map(
    ([line, net]) =>
      (books: Books) =>
        books.creditSome(line, net),
  ),
  fc.tuple(index, amount).map(
    ([payment, refunded]) =>
      (books: Books) =>
        books.refund(payment, refunded),
  ),
  fc.constant((books: Books) => books.creditRest('REMAINDER_CANCELLED')),
  fc.constant((books: Books) => books.creditRest('ORDER_CANCELLED')),
);
const lines = fc.array(
  fc
    .tuple(fc.bigInt({ min: 0n, max: 1000n }), fc.bigInt({ min: 0n, max: 25n }))
    .map(([net, percent]) => [net, (net * percent) / 100n] as const),
  { minLength: 1, maxLength: 4 },
);

describe('the books of an order, after anything in any sequence,', () => {
  it('tie out: debits equal credits, AR equals what is open, and nobody gets back more than came in', () => {
    fc.assert(
      fc.property(lines, fc.array(step, { maxLength: 20 }), (of, steps) => {
        const books = new Books(of);
        for (const run of steps) {
          run(books);
          expect(books.wrong()).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('have no deferred revenue once everything has shipped, and revenue is what was not credited', () => {
    fc.assert(
      fc.property(lines, fc.array(step, { maxLength: 10 }), (of, steps) => {
        const books = new Books(of);
        for (const run of steps) run(books);
        for (const line of of.keys()) books.ship(line, 100n);
        const credited = books.invoice.lines.reduce((sum, line) => sum + line.creditedNet, 0n);
        expect(books.balance('DEFERRED_REVENUE')).toBe(0n);
        expect(-books.balance('REVENUE')).toBe(netOf(books.invoice) - credited);
      }),
    );
  });

  it('end with nothing open and nothing earned if the order is cancelled', () => {
    fc.assert(
      fc.property(lines, fc.array(step, { maxLength: 10 }), (of, steps) => {
        const books = new Books(of);
        for (const run of steps) run(books);
        books.creditRest('ORDER_CANCELLED');
        for (const account of ['AR', 'DEFERRED_REVENUE', 'REVENUE', 'TAX'] as const)
          expect(books.balance(account)).toBe(0n);
        expect(totalOf(books.invoice) === 0n || stateOf(books.invoice) === 'CREDITED').toBe(true);
      }),
    );
  });
});
