import { describe, expect, it } from 'vitest';
import { brokerProperties } from './properties.ts';

const text = brokerProperties({
  port: 1,
  controllerPort: 2,
  dataFolder: '/data',
  brokerPassword: 'b-secret',
  users: { admin: 'a-secret', bookings: 'k-secret' },
});
const lines = text.split('\n');

describe("the broker's settings", () => {
  it('require a password, and an ACL for everything', () => {
    expect(lines).toContain('authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer');
    expect(lines).toContain('allow.everyone.if.no.acl.found=false');
    expect(lines).toContain('super.users=User:broker;User:admin');
    expect(text).not.toMatch(/(?<!SASL_)PLAINTEXT:\/\//);
  });

  it('accept every user on the listener for clients, and only the broker on the listener for controllers', () => {
    expect(lines.find((line) => line.startsWith('listener.name.sasl_plaintext'))).toContain('user_bookings="k-secret"');
    const controller = lines.find((line) => line.startsWith('listener.name.controller'));
    expect(controller).toContain('user_broker="b-secret"');
    expect(controller).not.toContain('bookings');
  });
});
