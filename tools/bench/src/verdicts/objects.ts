import { object, type Pair, received, sent, text, whole } from './pair.ts';

const closed = { additionalProperties: false };

/** Objects: members that are added, removed or made required. */
export const OBJECTS: readonly Pair[] = [
  {
    id: 'member-required-sent',
    edit: 'a sent member became required',
    ...sent(object({ a: text }), object({ a: text }, { required: ['a'] })),
    breaks: true,
    because: '{} is refused',
  },
  {
    id: 'member-required-received',
    edit: 'a received member became required',
    ...received(object({ a: text }), object({ a: text }, { required: ['a'] })),
    breaks: false,
    because: 'clients get more than was promised',
  },
  {
    id: 'member-optional-received',
    edit: 'a received member became optional',
    ...received(object({ a: text }, { required: ['a'] }), object({ a: text })),
    breaks: true,
    because: 'a client that reads it gets nothing',
  },
  {
    id: 'member-required-with-default',
    edit: 'a sent member with a default became required',
    ...sent(
      object({ a: { type: 'string', default: 'x' } }),
      object({ a: { type: 'string', default: 'x' } }, { required: ['a'] }),
    ),
    breaks: true,
    because: 'a default is an annotation; {} is refused',
  },
  {
    id: 'new-required-member-sent',
    edit: 'a new required member, sent',
    ...sent(object({ a: text }), object({ a: text, b: text }, { required: ['b'] })),
    breaks: true,
    because: 'old clients do not send it',
  },
  {
    id: 'new-member-received',
    edit: 'a new member, received, open object',
    ...received(object({ a: text }), object({ a: text, b: text })),
    breaks: false,
    because: 'clients skip names that they do not know',
  },
  {
    id: 'new-member-received-closed',
    edit: 'a new member, received, closed object',
    ...received(object({ a: text }, closed), object({ a: text, b: text }, closed)),
    breaks: true,
    because: 'the old contract promises that there are no other names',
  },
  {
    id: 'member-removed-sent-closed',
    edit: 'a member removed from a closed sent object',
    ...sent(object({ a: text, b: text }, closed), object({ a: text }, closed)),
    breaks: true,
    because: '{"b":""} is refused',
  },
  {
    id: 'member-removed-received-required',
    edit: 'a required received member removed',
    ...received(object({ a: text, b: text }, { required: ['b'] }), object({ a: text })),
    breaks: true,
    because: 'a client that reads it gets nothing',
  },
  {
    id: 'closed-sent',
    edit: 'a sent object is closed',
    ...sent(object({ a: text }, { additionalProperties: true }), object({ a: text }, closed)),
    breaks: true,
    because: 'other names were allowed, and now they are refused',
  },
  {
    id: 'map-values-narrowed',
    edit: 'values of a sent map: number → integer',
    ...sent(
      { type: 'object', additionalProperties: { type: 'number' } },
      { type: 'object', additionalProperties: whole },
    ),
    breaks: true,
    because: '{"x":0.5} is refused',
  },
  {
    id: 'names-as-pattern-properties',
    edit: 'propertyNames → patternProperties and a closed object',
    ...sent(
      { type: 'object', propertyNames: { pattern: '^k[0-9]$' }, additionalProperties: whole },
      { type: 'object', patternProperties: { '^k[0-9]$': whole }, additionalProperties: false },
    ),
    breaks: false,
    because: 'the same names with the same values',
  },
  {
    id: 'min-properties-implied',
    edit: 'minProperties 1 added beside a required member',
    ...sent(object({ a: text }, { required: ['a'] }), object({ a: text }, { required: ['a'], minProperties: 1 })),
    breaks: false,
    because: 'the required member is one property already',
  },
  {
    id: 'dependent-required-added',
    edit: 'dependentRequired added, sent',
    ...sent(
      object({ card: text, cvc: text }),
      object({ card: text, cvc: text }, { dependentRequired: { card: ['cvc'] } }),
    ),
    breaks: true,
    because: '{"card":""} is refused',
  },
  {
    id: 'condition-dropped-received',
    edit: 'if/then dropped, received',
    ...received(
      object(
        { kind: text, vat: text },
        { if: { properties: { kind: { const: 'firm' } }, required: ['kind'] }, then: { required: ['vat'] } },
      ),
      object({ kind: text, vat: text }),
    ),
    breaks: true,
    because: 'a firm without vat can arrive',
  },
  {
    id: 'read-only-required-sent',
    edit: 'a readOnly member of a sent object became required',
    ...sent(
      object({ id: { type: 'string', readOnly: true }, a: text }),
      object({ id: { type: 'string', readOnly: true }, a: text }, { required: ['id'] }),
    ),
    breaks: false,
    because: 'clients never send it, so it is not required of them',
  },
  {
    id: 'write-only-optional-received',
    edit: 'a writeOnly member of a received object became optional',
    ...received(
      object({ pin: { type: 'string', writeOnly: true } }, { required: ['pin'] }),
      object({ pin: { type: 'string', writeOnly: true } }),
    ),
    breaks: false,
    because: 'clients never get it',
  },
  {
    id: 'null-allowed-received',
    edit: 'null allowed, received',
    ...received(object({ a: text }), object({ a: { type: ['string', 'null'] } })),
    breaks: true,
    because: 'a client that expects a text gets null',
  },
  {
    id: 'null-in-other-words',
    edit: "type [string, 'null'] → anyOf of both",
    ...received({ type: ['string', 'null'] }, { anyOf: [text, { type: 'null' }] }),
    breaks: false,
    because: 'the same values',
  },
];
