import { expect, it } from 'vitest';
import { UnknownSchemas } from './unknownSchemas.ts';

it('many events of unknown schemas within a minute fail readiness, and a few are only noted', () => {
  let now = 0;
  const unknown = new UnknownSchemas({ monotonic: () => now });
  expect(unknown.note()).toBeUndefined();
  for (let n = 0; n < 9; n++) unknown.saw(`event ${n}`);
  unknown.saw('event 0');
  expect(unknown.note()).toMatchObject({ ok: true, text: expect.stringContaining('schemas of 9 events') });
  now = 40_000;
  unknown.saw('event 9');
  unknown.saw('event 0');
  expect(unknown.note()).toMatchObject({ ok: false, text: expect.stringContaining('SCHEMA_REGISTRY_URL') });
  unknown.forget('event 1');
  expect(unknown.note()?.ok).toBe(true);
  now = 61_000;
  expect(unknown.note()?.text).toContain('schemas of 2 events');
  now = 200_000;
  expect(unknown.note()).toBeUndefined();
});
