import { object, type Pair, received, type Schema, sent, text, whole } from './pair.ts';

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const card = object({ kind: { const: 'card' }, number: text }, { required: ['kind', 'number'] });
const bank = object({ kind: { const: 'bank' }, iban: text }, { required: ['kind', 'iban'] });
const cash = object({ kind: { const: 'cash' } }, { required: ['kind'] });

/** Unions, references and recursion. */
export const UNIONS: readonly Pair[] = [
  {
    id: 'one-of-one',
    edit: 'S → oneOf [S]',
    ...sent(text, { oneOf: [text] }),
    breaks: false,
    because: 'the same values',
  },
  {
    id: 'all-of-merged',
    edit: 'allOf of two objects → one object',
    ...received(
      { allOf: [object({ a: text }, { required: ['a'] }), object({ b: whole }, { required: ['b'] })] },
      object({ a: text, b: whole }, { required: ['a', 'b'] }),
    ),
    breaks: false,
    because: 'the same values',
  },
  {
    id: 'all-of-loses-a-part',
    edit: 'a part of allOf removed, received',
    ...received(
      { allOf: [object({ a: text }, { required: ['a'] }), object({ b: whole }, { required: ['b'] })] },
      { allOf: [object({ a: text }, { required: ['a'] })] },
    ),
    breaks: true,
    because: 'b may be missing',
  },
  {
    id: 'union-grows-sent',
    edit: 'a kind of payment added, sent',
    ...sent({ oneOf: [card, bank] }, { oneOf: [card, bank, cash] }),
    breaks: false,
    because: 'the old kinds are accepted as before',
  },
  {
    id: 'union-grows-received',
    edit: 'a kind of payment added, received',
    ...received({ oneOf: [card, bank] }, { oneOf: [card, bank, cash] }),
    breaks: true,
    because: 'a client gets a kind that it does not know',
  },
  {
    id: 'union-shrinks-sent',
    edit: 'a kind of payment removed, sent',
    ...sent({ oneOf: [card, bank, cash] }, { oneOf: [card, bank] }),
    breaks: true,
    because: '{"kind":"cash"} is refused',
  },
  {
    id: 'union-order',
    edit: 'branches of oneOf in another order',
    ...received({ oneOf: [card, bank] }, { oneOf: [bank, card] }),
    breaks: false,
    because: 'order has no meaning',
  },
  {
    id: 'union-overlaps-sent',
    edit: 'anyOf → oneOf of branches that overlap',
    ...sent(
      {
        anyOf: [
          { type: 'integer', maximum: 10 },
          { type: 'integer', minimum: 5 },
        ],
      },
      {
        oneOf: [
          { type: 'integer', maximum: 10 },
          { type: 'integer', minimum: 5 },
        ],
      },
    ),
    breaks: true,
    because: '7 fits both, so oneOf refuses it',
  },
  {
    id: 'union-disjoint',
    edit: 'anyOf → oneOf of branches that exclude each other',
    ...sent({ anyOf: [text, whole] }, { oneOf: [text, whole] }),
    breaks: false,
    because: 'no value fits both',
  },
  {
    id: 'union-of-enums',
    edit: 'enum [a, b, c] → anyOf of two enums',
    ...received(
      { type: 'string', enum: ['a', 'b', 'c'] },
      {
        anyOf: [
          { type: 'string', enum: ['a', 'b'] },
          { type: 'string', enum: ['c'] },
        ],
      },
    ),
    breaks: false,
    because: 'the same words',
  },
  {
    id: 'union-covers-together',
    edit: 'one object → anyOf of two, one per value of a member',
    ...sent(object({ on: { type: 'boolean' } }, { required: ['on'] }), {
      anyOf: [
        object({ on: { const: true } }, { required: ['on'] }),
        object({ on: { const: false } }, { required: ['on'] }),
      ],
    }),
    breaks: false,
    because: 'a boolean is true or false',
  },
  {
    id: 'empty-branch',
    edit: 'removed a branch that no value fits',
    ...sent({ anyOf: [text, { type: 'integer', minimum: 2, maximum: 1 }] }, text),
    breaks: false,
    because: 'nothing that clients send fits it',
  },
  {
    id: 'negation-as-bound',
    edit: 'integer, not below 3 → minimum 3',
    ...sent({ type: 'integer', not: { exclusiveMaximum: 3 } }, { type: 'integer', minimum: 3 }),
    breaks: false,
    because: 'the same integers',
  },
  {
    id: 'inline-to-reference',
    edit: 'an inline schema moved to components',
    ...received(object({ a: text }, { required: ['a'] }), ref('Moved')),
    nextSchemas: { Moved: object({ a: text }, { required: ['a'] }) },
    breaks: false,
    because: 'a reference means its target',
  },
  {
    id: 'component-renamed',
    edit: 'a component got another name',
    ...received(ref('Before'), ref('After')),
    oldSchemas: { Before: object({ a: text }, { required: ['a'] }) },
    nextSchemas: { After: object({ a: text }, { required: ['a'] }) },
    breaks: false,
    because: 'names of components are not sent',
  },
  {
    id: 'component-deep-change',
    edit: 'a member two references deep became required, sent',
    ...sent(ref('Outer'), ref('Outer')),
    oldSchemas: { Outer: object({ inner: ref('Inner') }), Inner: object({ a: text }) },
    nextSchemas: { Outer: object({ inner: ref('Inner') }), Inner: object({ a: text }, { required: ['a'] }) },
    breaks: true,
    because: '{"inner":{}} is refused',
  },
  {
    id: 'recursion-unrolled',
    edit: 'a recursive schema unrolled once',
    ...received(ref('Chain'), ref('Chain')),
    oldSchemas: { Chain: object({ next: ref('Chain'), v: whole }) },
    nextSchemas: {
      Chain: object({ next: object({ next: ref('Chain'), v: whole }), v: whole }),
    },
    breaks: false,
    because: 'the same trees',
  },
  {
    id: 'recursion-narrowed-sent',
    edit: 'a member of a recursive schema became required, sent',
    ...sent(ref('Folder'), ref('Folder')),
    oldSchemas: { Folder: object({ folders: { type: 'array', items: ref('Folder') }, name: text }) },
    nextSchemas: {
      Folder: object({ folders: { type: 'array', items: ref('Folder') }, name: text }, { required: ['name'] }),
    },
    breaks: true,
    because: '{} is refused',
  },
  {
    id: 'unevaluated-as-additional',
    edit: 'unevaluatedProperties: false over allOf → one closed object',
    ...sent(
      { allOf: [object({ a: text }), object({ b: text })], type: 'object', unevaluatedProperties: false },
      object({ a: text, b: text }, { additionalProperties: false }),
    ),
    breaks: false,
    because: 'both allow a and b and nothing else',
  },
];
