import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { pinoLog } from './pinoLog.ts';

it('an error is logged with its stack and its causes, but without the values that it carries', () => {
  const to = new PassThrough();
  const log = pinoLog({ service: 'hall', level: 'info', to });
  const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (name)=(Kim) exists' });
  const error = Object.assign(new TypeError('no seat', { cause }), { code: 'SEAT', values: ['Kim'] });
  log.warn({ err: error }, 'a consumer failed');
  const line = String(to.read());
  expect(JSON.parse(line)).toMatchObject({
    level: 'warn',
    err: { type: 'TypeError', code: 'SEAT', message: 'no seat', stack: expect.stringContaining('pinoLog.spec.ts') },
  });
  expect(line).toContain('caused by: Error: duplicate key');
  expect(line).not.toContain('Kim');
});
