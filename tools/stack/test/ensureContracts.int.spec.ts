import { randomBytes } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureContracts } from '../src/deploy/ensureContracts.ts';
import { readStack, withAdmin } from '../src/index.ts';
import { layoutOf } from '../src/layout.ts';

const info = readStack();
if (!info) throw new Error('no stack is up: run `make up` first');
const { kafka, registry } = info;
const namespace = `ensured${randomBytes(4).toString('hex')}.`;
const TOPIC = `${namespace}acme.bookings.booking.v1`;
const SPECS = 'tools/atlas/test/cases/whole/clean-two-services/specs';
let root = '';

beforeAll(() => {
  const repository = layoutOf().root;
  root = mkdtempSync(join(tmpdir(), 'atlas-ensured-'));
  cpSync(join(repository, SPECS), join(root, 'specs'), { recursive: true });
  mkdirSync(join(root, 'generated'));
  writeFileSync(join(root, 'generated/catalog.json'), JSON.stringify({ services: [], topics: [] }));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
});
afterAll(async () => {
  const own = (await topics()).filter((name) => name.startsWith(namespace));
  if (own.length > 0) await withAdmin(kafka.brokers, kafka.admin, (admin) => admin.deleteTopics({ topics: own }));
  // what it noted may be in the state folder of this repository
  rmSync(join(layoutOf(root).data, 'registered', `${namespace}.json`), { force: true });
  rmSync(root, { recursive: true, force: true });
});

const topics = (): Promise<string[]> => withAdmin(kafka.brokers, kafka.admin, (admin) => admin.listTopics());
const ensure = (): Promise<boolean> => ensureContracts(info, { root, namespace });

it('contracts are deployed once, and again after a spec has changed or if a server has lost something', async () => {
  expect(await ensure()).toBe(true);
  expect(await topics()).toContain(TOPIC);
  expect(await ensure()).toBe(false);

  await withAdmin(kafka.brokers, kafka.admin, (admin) => admin.deleteTopics({ topics: [TOPIC] }));
  expect(await ensure()).toBe(true);
  expect(await topics()).toContain(TOPIC);

  const subject = `${registry.url}/subjects/${TOPIC}-acme.bookings.BookingMade`;
  expect((await fetch(subject, { method: 'DELETE' })).ok).toBe(true);
  expect(await ensure()).toBe(true);
  expect((await fetch(`${subject}/versions`)).ok).toBe(true);

  appendFileSync(join(root, 'specs/asyncapi/bookings.yaml'), '# another line\n');
  expect(await ensure()).toBe(true);
  expect(await ensure()).toBe(false);
});
