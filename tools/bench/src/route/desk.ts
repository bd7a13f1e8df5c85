/** The work that both sides do behind their routes. It is so small that the figures are those of the routes. */

export interface Seat {
  readonly seatId: string;
  readonly row: string;
  readonly number: number;
  readonly free: boolean;
  readonly view?: 'full' | 'partial';
}

export interface Wish {
  readonly showId: string;
  readonly seats: readonly { readonly seatId: string; readonly category: 'adult' | 'child' | 'concession' }[];
}

export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

export interface Quote {
  readonly showId: string;
  readonly lines: readonly { readonly seatId: string; readonly price: Money }[];
  readonly total: Money;
}

const PRICES = { adult: 4200, child: 1500, concession: 2900 } as const;

export const VENUE = '0190f3c1-7a00-7000-8000-000000000001';

const HALL: readonly Seat[] = Array.from({ length: 100 }, (_, index) => ({
  seatId: uuid(index),
  row: String.fromCharCode(65 + Math.floor(index / 10)),
  number: (index % 10) + 1,
  free: index % 3 !== 0,
  ...(index % 7 === 0 ? { view: 'partial' as const } : {}),
}));

export function seats(limit: number): { readonly items: readonly Seat[] } {
  return { items: HALL.slice(0, limit) };
}

export function quote({ showId, seats: wished }: Wish): Quote {
  const lines = wished.map(({ seatId, category }) => ({ seatId, price: euros(PRICES[category]) }));
  return { showId, lines, total: euros(lines.reduce((sum, { price }) => sum + price.amountMinor, 0)) };
}

export const WISH: Wish = {
  showId: uuid(200),
  seats: [
    { seatId: uuid(1), category: 'adult' },
    { seatId: uuid(2), category: 'adult' },
    { seatId: uuid(3), category: 'child' },
    { seatId: uuid(4), category: 'child' },
    { seatId: uuid(5), category: 'concession' },
  ],
};

function euros(amountMinor: number): Money {
  return { amountMinor, currency: 'EUR' };
}

function uuid(n: number): string {
  return `0190f3c1-7a00-7000-8000-${n.toString(16).padStart(12, '0')}`;
}
