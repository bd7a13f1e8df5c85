import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isUuid } from './isUuid.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

it('says what the regular expression says, wherever a UUID has another character', () => {
  const character = fc.oneof(
    fc.constantFrom('-', 'F', 'g', '', '\u0131', '/', ':', '@', '`'),
    fc.string({ maxLength: 2 }),
  );
  fc.assert(
    fc.property(fc.uuid(), fc.nat(35), character, (uuid, at, other) => {
      expect(isUuid(uuid)).toBe(true);
      const changed = uuid.slice(0, at) + other + uuid.slice(at + 1);
      expect(isUuid(changed)).toBe(UUID.test(changed));
    }),
  );
});
