import { describe, expect, it } from 'vitest';
import { asksAll, EVENT_MODE, isTransitive, MODES, raisedLevel, readingsOf, SUBJECT_LEVEL } from './levels.ts';

const LEVELS = ['NONE', ...MODES];

describe('the level of a subject', () => {
  it('is set if the present one compares nothing', () => {
    expect(raisedLevel('NONE')).toBe(SUBJECT_LEVEL);
  });

  it('is the one of new subjects, and the mode of a comparison requires the same of the last version', () => {
    expect([SUBJECT_LEVEL, EVENT_MODE]).toEqual(['BACKWARD_TRANSITIVE', 'FULL']);
  });

  it('requires nothing of old versions that a comparison with the last one does not require', () => {
    for (const level of LEVELS)
      for (const reading of readingsOf(raisedLevel(level))) expect(readingsOf(EVENT_MODE), level).toContain(reading);
  });

  it('requires of all versions what `register` checks for all of them', () => {
    const level = SUBJECT_LEVEL;
    for (const reading of readingsOf(EVENT_MODE))
      expect(asksAll(reading, level), reading).toBe(isTransitive(level) && readingsOf(level).includes(reading));
  });

  it.each(MODES)('is never weaker than the present %s', (level) => {
    const raised = raisedLevel(level);
    expect(raisedLevel(raised)).toBe(raised);
    for (const reading of readingsOf(level)) {
      expect(readingsOf(raised)).toContain(reading);
      expect(isTransitive(raised) || asksAll(reading, raised) || !isTransitive(level)).toBe(true);
    }
  });
});
