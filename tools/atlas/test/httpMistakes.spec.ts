import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseRepository, toolkit, type CaseRepository } from './harness/repository.ts';

/**
 * Handlers as people write them. For a line with `//~`, tsc must report what the comment says. It is the line of the
 * mistake if the handler's answer has a written type, otherwise the first line of the handler.
 */
const WRONG = `import { runService, type ServiceEnv } from '@atlas/runtime/service';
import { contract } from '@box-office/tickets-contract';
import type {
  BookingCancelledEvent, BookingMadeEvent, CreateBooking, Handlers, Consumers, components,
} from '@box-office/tickets-contract';
import type { OnBookingMade, SeatsHeldEvent } from '@box-office/venues-contract';

declare const booking: components['schemas']['Booking'];
declare const made: BookingMadeEvent;
declare const cancelled: BookingCancelledEvent;
declare const held: SeatsHeldEvent;
declare const others: Omit<Handlers, 'createBooking'>;
const created = { status: 201, body: booking, version: 1n, headers: { Location: '/' } } as const;

export async function wrongStatus(input: CreateBooking.Input): Promise<CreateBooking.Result> {
  if (input.body.seats.length > 9) return { status: 409, problem: { code: 'sold-out' } };
  return { ...created, status: 200, events: [made] }; //~ Type '200' is not assignable
}
export async function missingEvent(_: CreateBooking.Input): Promise<CreateBooking.Result> {
  return {
    ...created,
    events: [], //~ Source has 0 element(s) but target requires 1
  };
}
export async function undeclaredEvent(_: CreateBooking.Input): Promise<CreateBooking.Result> {
  return {
    ...created,
    events: [
      cancelled, //~ Type '"BookingCancelled"' is not assignable to type '"BookingMade"'
    ],
  };
}
export async function wrongPayload(_: CreateBooking.Input): Promise<CreateBooking.Result> {
  return { ...created, events: [{ type: 'BookingMade', data: { ...made.data, version: 1 } }] }; //~ Type 'number' is not assignable to type 'bigint'
}
export const whole: CreateBooking.Handler = async ({ body }) => { //~ Type '"BookingCancelled"' is not assignable to type '"BookingMade"'
  if (body.seats.length > 9) return { status: 409, problem: { code: 'sold-out' } };
  return { ...created, events: [cancelled] };
};
export const handlers: Handlers = { ...others }; //~ Property 'createBooking' is missing

/** Handlers as the services write them, with the commonest mistakes. What tsc says about each is short. */
export const briefStatus = (): CreateBooking.Handler => async (): Promise<CreateBooking.Result> => {
  return { ...created, status: 200, events: [made] }; //~ Type '200' is not assignable
};
export const briefEvent = (): CreateBooking.Handler => async (): Promise<CreateBooking.Result> => {
  return { ...created, events: [cancelled] }; //~ Type '"BookingCancelled"' is not assignable
};
export const briefNoEvent = (): CreateBooking.Handler => async (): Promise<CreateBooking.Result> => {
  return { ...created }; //~ is not assignable to type
};
export const briefCode = (): CreateBooking.Handler => async (): Promise<CreateBooking.Result> => {
  return { status: 409, problem: { code: 'sold-uot' } }; //~ Did you mean '"sold-out"'?
};
export const briefBody = (): CreateBooking.Handler => async (): Promise<CreateBooking.Result> => {
  return { ...created, body: { ...booking, seats: 'A7' }, events: [made] }; //~ Type 'string' is not assignable to type
};
export const briefHeld = (): OnBookingMade.Handler => async (): Promise<OnBookingMade.Result> => {
  return { events: [made] }; //~ Type '"BookingMade"' is not assignable to type
};
export const briefHeldNothing = (): OnBookingMade.Handler => async (): Promise<OnBookingMade.Result> => {
  return { events: [] }; //~ Source has 0 element(s) but target requires 1
};
export const briefHeldForgotten = (): OnBookingMade.Handler => async (): Promise<OnBookingMade.Result> => {
  return {}; //~ Property 'events' is missing
};
export const briefHeldTwice = (): OnBookingMade.Handler => async (): Promise<OnBookingMade.Result> => {
  return { events: [held, held] }; //~ Source has 2 element(s) but target allows only 1
};

export const consumesNothing: OnBookingMade.Handler = async () => ({ //~ Source has 0 element(s) but target requires 1
  events: [],
});
export const consumesForeign: OnBookingMade.Handler = async () => ({ //~ Type '"BookingMade"' is not assignable to type
  events: [made],
});
export const consumesWrong: OnBookingMade.Handler = async ({ data }) => ({ //~ not assignable to type 'readonly [SeatsHeldEvent] | readonly [SeatsRefusedEvent]'
  events: [{ type: 'SeatsHeld', data: { ...held.data, bookingId: data.version } }],
});
export const readsUnknown: OnBookingMade.Handler = async ({ data }) => ({
  events: [{ type: 'SeatsHeld', data: { ...held.data, bookingId: data.customer } }], //~ Property 'customer' does not exist on type 'BookingMade'
});
export const consumers: Consumers = { onSeatsHeld: async () => ({ events: [] }) }; //~ Property 'onSeatsRefused' is missing

declare const env: ServiceEnv;
export const started = () =>
  runService(contract, {
    env,
    handlers: others, //~ Property 'createBooking' is missing in type 'Omit<Handlers, "createBooking">' but required in type 'Handlers'
    consumers: { onSeatsHeld: async () => ({ events: [] }) }, //~ Property 'onSeatsRefused' is missing
  });
`;

const MARK = /\/\/~ (.*)$/;
const MARKS = WRONG.split('\n').flatMap((text, index): (readonly [number, string])[] => {
  const what = MARK.exec(text)?.[1];
  return what === undefined ? [] : [[index + 1, what]];
});

/**
 * The lines of the mistakes in handlers whose names begin with `brief`, and how many lines tsc may say about each. A
 * consumer that chooses between events has one more, which names the choice.
 */
const BRIEF = WRONG.split('\n').flatMap((text, index): (readonly [number, number])[] =>
  text.startsWith('export const brief') ? [[index + 2, text.startsWith('export const briefHeld') ? 3 : 2]] : [],
);

describe('a handler that does not match its contract', () => {
  let repository: CaseRepository;
  /** The errors of tsc, by line. */
  let said: ReadonlyMap<number, string>;

  beforeAll(async () => {
    repository = await caseRepository('bookings');
    await writeFile(join(repository.folder, 'app/mistakes.ts'), WRONG);
    said = byLine(await tsc(repository.folder));
  });
  afterAll(() => repository.remove());

  it.each(MARKS)('is a compile error in line %i: %s', (line, what) => {
    expect(said.get(line)).toContain(what);
  });

  it.each(BRIEF)('for line %i gets a message of at most %i lines', (line, most) => {
    const text = said.get(line) ?? '';
    expect(text.trimEnd().split('\n').length, text).toBeLessThanOrEqual(most);
  });

  it('is an error in no other line', () => {
    expect([...said.keys()]).toEqual(MARKS.map(([line]) => line));
  });
});

/** Runs tsc, which must fail, and gives its output. */
function tsc(folder: string): Promise<string> {
  return new Promise((resolve) => {
    const args = ['-p', '.', '--pretty', 'false'];
    execFile(join(toolkit, 'node_modules/.bin/tsc'), args, { cwd: folder }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

/**
 * Errors by line: `app/mistakes.ts(15,3): error TS2322: …` with the indented lines after it. Other output is in line 0.
 */
function byLine(output: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  let line = 0;
  for (const text of output.split('\n').filter((part) => part !== '')) {
    const start = /^app\/mistakes\.ts\((\d+),/.exec(text);
    if (start) line = Number(start[1]);
    else if (!text.startsWith(' ')) line = 0;
    found.set(line, `${found.get(line) ?? ''}${text}\n`);
  }
  return found;
}
