import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { type AclCatalog, aclsOf } from './acls.ts';

const catalog: AclCatalog = {
  services: [{ name: 'bookings', dlqTopic: 'atlas.bookings.dlq.v1' }, { name: 'venues' }],
  topics: [
    { name: 'atlas.bookings.seat.v1', owner: 'bookings', readers: ['venues'] },
    // foreign: no service owns it
    { name: 'acme.shows.show.v1', owner: 'programme-team', readers: ['venues'] },
  ],
};

describe('the ACLs of a catalog', () => {
  it('let a service write its own topics and read those that name it as a reader, and nothing else', () => {
    const lines = aclsOf(catalog, 't1.', (service) => service).map((acl) =>
      [
        acl.principal,
        nameOf(kafkajs.AclOperationTypes, acl.operation),
        nameOf(kafkajs.AclResourceTypes, acl.resourceType),
        acl.resourceName,
        nameOf(kafkajs.ResourcePatternTypes, acl.resourcePatternType),
      ].join(' '),
    );
    expect(new Set(lines)).toEqual(
      new Set([
        'User:bookings IDEMPOTENT_WRITE CLUSTER kafka-cluster LITERAL',
        'User:bookings READ GROUP t1.bookings LITERAL',
        'User:bookings READ GROUP t1.bookings. PREFIXED',
        'User:bookings WRITE TOPIC t1.atlas.bookings.dlq.v1 LITERAL',
        'User:bookings WRITE TOPIC t1.atlas.bookings.seat.v1 LITERAL',
        'User:venues IDEMPOTENT_WRITE CLUSTER kafka-cluster LITERAL',
        'User:venues READ GROUP t1.venues LITERAL',
        'User:venues READ GROUP t1.venues. PREFIXED',
        'User:venues READ TOPIC t1.atlas.bookings.seat.v1 LITERAL',
        'User:venues READ TOPIC t1.acme.shows.show.v1 LITERAL',
      ]),
    );
  });
});

function nameOf(names: object, value: number): string {
  return Object.entries(names).find(([, entry]) => entry === value)?.[0] ?? '?';
}
