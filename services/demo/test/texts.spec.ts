import { describe, expect, it } from 'vitest';
import { CONTRACTS } from '../src/system/contracts.ts';

/** Texts that may have several lines. They may contain characters that cannot be seen, such as joiners. */
const LONG_TEXTS = new Set(['comment', 'reason of createDelegation']);
/** People are named by the `sub` of their tokens, which the issuer chooses. */
const PEOPLE = new Set(['assignees', 'onBehalfOf', 'delegateId']);

/** Each text of each body, with a function that says whether the operation takes another text in its place. */
const TEXTS = CONTRACTS.flatMap(({ document, operations }) =>
  operations.flatMap(({ id, method, path, body }) => {
    if (body === undefined) return [];
    const content = at(document, 'paths', path, method.toLowerCase(), 'requestBody', 'content');
    const reference = at(Object.values(nodeOf(content))[0], 'schema', '$ref');
    const example = at(document, ...String(reference).split('/').slice(1), 'examples', '0');
    return textsOf(example)
      .filter((name) => !PEOPLE.has(name))
      .map((name) => ({
        name: `${name} of ${id}`,
        isLong: LONG_TEXTS.has(name) || LONG_TEXTS.has(`${name} of ${id}`),
        refusals: (text: string) => body.validate(withText(example, name, text)),
      }));
  }),
);

describe('a text of a request', () => {
  it('is found in each operation that takes one', () => {
    const names = TEXTS.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'name of createItem',
        'name of updateItem',
        'name of createWarehouse',
        'reason of requestAdjustment',
        'reason of recordReturn',
        'comment of decideApproval',
        'comment of reassignApproval',
        'reason of createDelegation',
        'note of requestRefund',
        'note of createCreditNote',
        'description of postManualJournal',
        'description of reverseJournal',
        'reference of recordManualPayment',
        'reference of recordManualRefund',
      ]),
    );
  });

  it.each(['\u061c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069'])(
    'cannot change its direction with %j',
    (control) => {
      expect(TEXTS.filter(({ refusals }) => refusals(`B${control}8`) === undefined).map(({ name }) => name)).toEqual(
        [],
      );
    },
  );

  it.each(['\u3164', 'B\u115f', 'B\u1160', 'B\uffa0', 'B\u034f', '\u2800', 'B\ufe00\ufe01', 'B\u{e0041}'])(
    'of one line cannot hide characters, such as %j',
    (text) => {
      const taken = TEXTS.filter(({ isLong, refusals }) => !isLong && refusals(text) === undefined);
      expect(taken.map(({ name }) => name)).toEqual([]);
    },
  );

  it('may be in any language', () => {
    for (const { name, refusals } of TEXTS.filter((text) => /name|reason|note|comment|description/.test(text.name)))
      expect(refusals('Sechskant M8 – ボルト ⚠\ufe0f مسمار'), name).toBeUndefined();
  });
});

function at(node: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((found, key) => nodeOf(found)[key], node);
}

function nodeOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The names of the members that have a text or a list of texts, at any depth. */
function textsOf(value: unknown): readonly string[] {
  const names = Object.entries(nodeOf(value)).flatMap(([name, member]) => {
    if (Array.isArray(value)) return textsOf(member);
    return [...(typeof member === 'string' || isTexts(member) ? [name] : []), ...textsOf(member)];
  });
  return [...new Set(names)];
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.some((item) => typeof item === 'string');
}

/** A copy in which each text of that name is another one. */
function withText(value: unknown, name: string, text: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withText(item, name, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key !== name
        ? withText(member, name, text)
        : isTexts(member)
          ? [text]
          : typeof member === 'string'
            ? text
            : member,
    ]),
  );
}
