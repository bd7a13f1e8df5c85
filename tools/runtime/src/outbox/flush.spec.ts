import { expect, it } from 'vitest';
import { versionLabel } from './flush.ts';

it.each([
  ['boxoffice.tickets.booking.v1', 'b-1', 'booking/b-1@'],
  ['seats', 'row 7, seat 3', 'seats/row%207%2C%20seat%203@'],
  ['a.v2', 'é', 'a/%C3%A9@'],
])('%s with key %s is %s', (topic, key, label) => {
  expect(versionLabel(topic, key)).toBe(label);
});
