import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkServiceName, servicesOf } from './services.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'atlas-services-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the services of a repository', () => {
  it('are none if there are no specs', () => {
    expect(servicesOf(root)).toEqual([]);
  });

  it('are those of the configuration in its order, then those of the catalog', () => {
    mkdirSync(join(root, 'specs'));
    mkdirSync(join(root, 'generated'));
    writeFileSync(
      join(root, 'specs/atlas.config.yaml'),
      'version: 1\nservices:\n  venues: { openapi: a.yaml }\n  bookings: {}\n',
    );
    writeFileSync(join(root, 'generated/catalog.json'), '{"services": [{"name": "bookings"}, {"name": "archive"}]}');
    expect(servicesOf(root)).toEqual(['venues', 'bookings', 'archive']);
  });

  it('are read even if the catalog was cut off', () => {
    mkdirSync(join(root, 'generated'));
    writeFileSync(join(root, 'generated/catalog.json'), '{"services": [{"na');
    expect(servicesOf(root)).toEqual([]);
  });
});

describe('a service name', () => {
  it.each(['bookings', 'box-office', 'a1'])('may be %s', (name) => {
    expect(checkServiceName(name)).toBe(name);
  });

  it.each(['Bookings', 'box_office', '1a', 'a"; DROP', 'admin', 'broker', '', 'x'.repeat(58)])(
    'may not be %j',
    (name) => {
      expect(() => checkServiceName(name)).toThrow(/cannot be a service's name/);
    },
  );
});
