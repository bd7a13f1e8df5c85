import { describe, expect, it } from 'vitest';
import { versionLabel } from './flush.ts';

describe('the version label', () => {
  it.each([
    ['boxoffice.tickets.booking.v1', 'b-1', 'booking/b-1@'],
    ['seats', 'row 7, seat 3', 'seats/row%207%2C%20seat%203@'],
    ['a.v2', 'é', 'a/%C3%A9@'],
  ])('of topic %s and key %s is %s', (topic, key, label) => {
    expect(versionLabel(topic, key)).toBe(label);
  });
});
