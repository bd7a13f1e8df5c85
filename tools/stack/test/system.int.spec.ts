import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layoutOf } from '../src/layout.ts';
import { type Program, readStack, startSystem } from '../src/index.ts';

/** Answers every request with its environment, and says where it listens as a service does. */
const MAIN = `
import { createServer } from 'node:http';
const server = createServer((_, response) => response.end(JSON.stringify(process.env)));
server.listen(Number(process.env.PORT), process.env.HOST, () => {
  const url = 'http://127.0.0.1:' + server.address().port;
  console.log(JSON.stringify({ msg: 'listening', url, adminUrl: url }));
});
`;

const info = readStack();
if (!info) throw new Error('no stack is up: run `make up` first');
let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'atlas-system-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function programOf(name: string): Program {
  mkdirSync(join(folder, name, 'src'), { recursive: true });
  writeFileSync(join(folder, name, 'src/main.ts'), MAIN);
  return { name, folder: relative(layoutOf().root, join(folder, name)), isService: false };
}

it('a program that the specs do not name gets the addresses of the others, and no database', async () => {
  const env = (program: string, urlOf: (program: string) => string) => ({ SELF: urlOf(program) });
  const programs = [programOf('front-door'), programOf('bank')];
  const system = await startSystem(info, { namespace: 'system-test.', programs, env });
  const variables = async () => (await fetch(system.process('front-door').url)).json();
  const bank = system.process('bank').url;
  const self = system.process('front-door').url;
  expect(await variables()).toMatchObject({ BANK_URL: bank, SELF: self, REDIS_URL: info.redis.url });
  expect(await variables()).not.toHaveProperty('DATABASE_URL');
  expect(await variables()).not.toHaveProperty('FRONT_DOOR_URL');
  await system.process('front-door').stop();
  await system.restart('front-door', { SELF: 'another' });
  expect(system.process('front-door').url).toBe(self);
  expect(await variables()).toMatchObject({ SELF: 'another' });
  await system.stop();
  await expect(fetch(bank)).rejects.toThrow('fetch failed');
});
