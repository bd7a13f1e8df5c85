import { expect, it } from 'vitest';
import { listeningOf } from './listening.ts';

const line = { level: 30, url: 'http://127.0.0.1:4001', adminUrl: 'http://127.0.0.1:4002', msg: 'listening' };

it('the log of a service says where it listens, in one line and no other', () => {
  expect(listeningOf(JSON.stringify(line))).toEqual({ url: line.url, adminUrl: line.adminUrl });
  expect(listeningOf(JSON.stringify({ ...line, msg: 'closed', was: 'listening' }))).toBeUndefined();
  expect(listeningOf(JSON.stringify({ ...line, url: 1 }))).toBeUndefined();
  expect(listeningOf('{"msg":"listening"')).toBeUndefined();
  expect(listeningOf('the word "listening", in no JSON')).toBeUndefined();
});
