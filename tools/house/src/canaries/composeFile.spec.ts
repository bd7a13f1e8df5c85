import { describe, expect, it } from 'vitest';
import { composeWith } from '../reference/composeFile.ts';

const TEXT = `services:
  postgres:
    image: postgres:18.4

  # It needs more than others.
  billing:
    <<: *program
    command: [run, billing]

  # begin services (written)
  gone:
    <<: *program
  # end services

  gateway:
    environment:
      # begin addresses (written)
      # end addresses
    command: [run, gateway]

configs:
  kafka:
    content: |
      # begin users (written)
      old=1
      # end users
      new=1
`;

describe('the services that are written into docker-compose.yml', () => {
  const written = composeWith(TEXT, ['billing', 'box-office', 'crew']);

  it('have a container each, and a container that is written by hand stays', () => {
    expect(written).toContain(`    command: [run, billing]

  # begin services (written)
  box-office:
    <<: *program
    command: [run, --with, keycloak, box-office]

  crew:
    <<: *program
    command: [run, --with, keycloak, crew]
  # end services
`);
  });

  it('are known to the gateway and to Kafka', () => {
    expect(written).toContain(`      # begin addresses (written)
      BILLING_URL: http://billing:8000
      BOX_OFFICE_URL: http://box-office:8000
      CREW_URL: http://crew:8000
      # end addresses
`);
    const users = ['broker', 'admin', 'billing', 'box-office', 'crew'];
    const [, ...logins] = /# begin users.*\n(.*)\n(.*)\n {6}# end users\n {6}new=1/.exec(written) ?? [];
    expect(logins.map((line) => [...line.matchAll(/ user_([\w-]+)=/g)].map(([, name]) => name))).toEqual([
      users,
      users,
    ]);
  });

  it('are the same if they are written again', () => {
    expect(composeWith(written, ['billing', 'box-office', 'crew'])).toBe(written);
    expect(composeWith(written, [])).not.toContain('crew');
  });

  it('are refused if there is no place for them', () => {
    expect(() => composeWith(TEXT.replace('# end users', ''), ['crew'])).toThrow('"# begin users" and "# end users"');
  });
});
