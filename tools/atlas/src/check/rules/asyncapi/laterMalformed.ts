import { EXTENSION, isObject } from '@atlas/ir';
import type { Finding } from '../../../diagnostics/diagnostic.ts';
import type { Cursor } from '../../../document/cursor.ts';
import { didYouMean } from '../../../document/suggest.ts';
import { LATER_KEYS, laterViews, timeoutOf, type LaterView } from '../../../read/asyncapi/later.ts';
import { emitsOf } from '../../../read/extensions/emits.ts';
import { retryOf } from '../../../read/extensions/retry.ts';
import type { Rule } from '../../rule.ts';

const NAME = /^[a-z][A-Za-z0-9]{0,63}$/;

export const laterMalformed: Rule = {
  code: 'ATL3040',
  title: 'invalid timer or effect',
  explain: {
    why: 'x-atlas-timers and x-atlas-effects are maps by name. A handler sets a timer, and starts an effect, by this name, so it is in camelCase. An entry says what it carries (`payload`, Avro), what its handler emits (`emits`), and how it is tried again (`retry`). An effect also has the `outcome` of its call and a `timeout` of at most 5 minutes.',
    bad: 'x-atlas-timers:\n  Reservation-Expiry: { payload: ..., emit: [ReservationExpired] }',
    good: 'x-atlas-timers:\n  reservationExpiry: { payload: ..., emits: [[ReservationExpired], []] }',
  },
  *check({ events }) {
    for (const document of events.documents) {
      for (const key of [EXTENSION.timers, EXTENSION.effects]) {
        const map = document.root.get(key);
        if (map && !isObject(map.value))
          yield { message: `${key} is not a map`, loc: map.valueLoc, fix: 'write the entries by their names' };
      }
      const names = new Map<string, LaterView>();
      for (const view of laterViews(document)) {
        const other = names.get(view.name);
        if (other)
          yield {
            message: `${view.kind} ${JSON.stringify(view.name)} has the name of a ${other.kind}`,
            loc: view.cursor.loc,
            fix: 'rename one of the two',
            related: [{ loc: other.cursor.loc, message: 'the other one' }],
          };
        names.set(view.name, view);
        yield* problems(view);
      }
    }
  },
};

function* problems({ kind, name, cursor }: LaterView): Generator<Finding> {
  if (!NAME.test(name))
    yield {
      message: `${JSON.stringify(name)} is not a name for ${article(kind)}`,
      loc: cursor.loc,
      fix: 'write a name in camelCase, of at most 64 letters and digits',
    };
  if (!isObject(cursor.value)) {
    yield {
      message: `${kind} ${name} is not an object`,
      loc: cursor.valueLoc,
      fix: `give it ${LATER_KEYS[kind].join(', ')}`,
    };
    return;
  }
  for (const [key, value] of cursor.entries())
    if (!LATER_KEYS[kind].includes(key) && !key.startsWith('x-'))
      yield {
        message: `unknown key ${JSON.stringify(key)} in ${kind} ${name}`,
        loc: value.loc,
        fix: didYouMean(key, LATER_KEYS[kind]) ?? `use ${LATER_KEYS[kind].join(', ')}`,
      };
  yield* malformedEmits(cursor);
  yield* retryOf(cursor.get('retry')).findings;
  if (kind === 'effect' && timeoutOf(cursor) === undefined)
    yield {
      message: `timeout of effect ${name} is not a duration of at most 5 minutes`,
      loc: cursor.get('timeout')?.valueLoc ?? cursor.loc,
      fix: 'write a duration such as 500ms, 10s or 1m',
    };
}

function* malformedEmits(cursor: Cursor): Generator<Finding> {
  const emits = cursor.get('emits');
  for (const place of emits ? emitsOf(emits).malformed : [])
    yield {
      message: 'emits must be a list of message names, or a list of such lists',
      loc: place.valueLoc,
      fix: 'write [Name] or [[Name], []]',
    };
}

function article(kind: LaterView['kind']): string {
  return kind === 'effect' ? 'an effect' : 'a timer';
}
