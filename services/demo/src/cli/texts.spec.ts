import { describe, expect, it } from 'vitest';
import { timelineText } from './texts.ts';

describe('the text of a timeline', () => {
  it('has the title, the correlation ids, and a line for each event with the name of whoever caused it', () => {
    const entry = { eventId: 'e-1', service: 'orders', type: 'OrderPlaced', sequence: 1, actorId: 'sub-olga' };
    const entries = [{ ...entry, at: '2026-01-31T09:08:07.006Z', summary: 'It was placed.', afterSeconds: 0.04 }];
    const story = { title: 'An order', correlationIds: ['demo-1', 'webhook-1'], timeline: { entries } };
    expect(timelineText(story, (id) => id.replace('sub-', '')).split('\n')).toEqual([
      '',
      'An order',
      'Correlation ids: demo-1, webhook-1',
      '',
      expect.stringMatching(/^ {2}time +after +service +what +who +why$/),
      expect.stringMatching(/^ {2}09:08:07\.006 +\+0\.04 s +orders +It was placed\. +olga *$/),
    ]);
  });
});
