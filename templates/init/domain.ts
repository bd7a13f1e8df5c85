import { code, type Code } from '@atlas/ir';
import type { NewService } from './newService.ts';

/** The aggregate: its states, and their transitions. */
export function domainFile({ one }: NewService): Code {
  const { camel, Pascal, kebab, words } = one;
  return code`
    /** How the ${words} was opened. This never changes. */
    export interface Opening {
      readonly ${camel}Id: string;
      /** What it is about. There is at most one per subject. */
      readonly subject: string;
      /** Who opened it: the \`sub\` of a token. */
      readonly openedBy: string;
      readonly openedAt: Date;
    }

    interface At<State extends string> extends Opening {
      readonly state: State;
      /** 1 for a new one, and one more for each committed change. */
      readonly version: bigint;
    }

    export interface Open extends At<'OPEN'> {}
    export interface Closed extends At<'CLOSED'> {
      readonly closedAt: Date;
    }
    export type ${Pascal} = Open | Closed;

    /** For open${Pascal}, and for the event that opens one. */
    export function opened(opening: Opening): Open {
      return { state: 'OPEN', version: 1n, ...opening };
    }

    type Closing =
      | { readonly ok: true; readonly closed: Closed }
      | { readonly ok: false; readonly problem: { readonly code: '${kebab}-not-open'; readonly detail: string } };

    /** For close${Pascal}. */
    export function close(${camel}: ${Pascal}, closedAt: Date): Closing {
      switch (${camel}.state) {
        case 'OPEN':
          return { ok: true, closed: { ...${camel}, state: 'CLOSED', version: ${camel}.version + 1n, closedAt } };
        case 'CLOSED':
          return { ok: false, problem: { code: '${kebab}-not-open', detail: \`it is \${${camel}.state}\` } };
      }
    }
  `;
}

/** The state table as a test. */
export function domainSpec({ one }: NewService): Code {
  const { camel, words } = one;
  return code`
    import { describe, expect, it } from 'vitest';
    import { LATER, inEveryState, opening } from '../../test/samples.ts';
    import { close, opened } from './${camel}.ts';

    const every = inEveryState();

    describe('the state table of ${words}', () => {
      it.each([
        { state: 'OPEN', closed: 'CLOSED' },
        { state: 'CLOSED', closed: undefined },
      ] as const)('$state: closing gives $closed', ({ state, closed }) => {
        const closing = close(every[state], LATER);
        expect(closing.ok ? closing.closed.state : undefined).toBe(closed);
      });
    });

    describe('opening', () => {
      it('begins at version 1', () => {
        expect(opened(opening)).toEqual({ ...opening, state: 'OPEN', version: 1n });
      });
    });

    describe('closing', () => {
      it('raises the version by one and keeps how it was opened', () => {
        expect(close(every.OPEN, LATER)).toEqual({
          ok: true,
          closed: { ...every.OPEN, state: 'CLOSED', version: 2n, closedAt: LATER },
        });
      });

      it('twice is refused, with the state', () => {
        expect(close(every.CLOSED, LATER)).toMatchObject({ problem: { detail: 'it is CLOSED' } });
      });
    });
  `;
}

/** The samples that the tests share. */
export function samplesFile({ one }: NewService): Code {
  const { camel, Pascal, words } = one;
  return code`
    import { close, opened, type Opening, type ${Pascal} } from '../src/domain/${camel}.ts';

    export const NOW = new Date('2026-01-05T09:30:00.000Z');
    export const LATER = new Date('2026-01-06T09:30:00.000Z');

    export const opening: Opening = {
      ${camel}Id: '0199f3a2-6f0a-7c51-9b61-2f1d5a0c9e11',
      subject: 'first',
      openedBy: 'ops-1',
      openedAt: NOW,
    };

    /** One ${words} in every state. */
    export function inEveryState(): { readonly [State in ${Pascal}['state']]: Extract<${Pascal}, { state: State }> } {
      const open = opened(opening);
      const closing = close(open, LATER);
      if (!closing.ok) throw new Error(closing.problem.detail);
      return { OPEN: open, CLOSED: closing.closed };
    }
  `;
}
