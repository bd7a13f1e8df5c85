import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogServices } from './systemPage.ts';

const ROOT = join(import.meta.dirname, '../../../..');
export const COMPOSE_FILE = 'docker-compose.yml';

const PASSWORD = '${ATLAS_DEV_PASSWORD:-atlas-dev}';
/** The listeners of the broker at which services log in, from this machine and from containers. */
const LISTENERS = ['sasl_plaintext', 'containers'];

/** docker-compose.yml with the services of the catalog that have a program. */
export function composeFile(): string {
  const services = catalogServices()
    .map(({ name }) => name)
    .filter((name) => existsSync(join(ROOT, 'services', name, 'src/main.ts')));
  return composeWith(readFileSync(join(ROOT, COMPOSE_FILE), 'utf8'), services);
}

/**
 * Writes the services into the regions of a compose file: their containers, their addresses for the gateway, and their
 * users of Kafka. A service with a container outside of the regions keeps it, because it needs more settings than
 * others. Throws an error if a region is missing.
 */
export function composeWith(text: string, services: readonly string[]): string {
  const byHand = withRegion(text, 'services', []);
  const containers = services
    .filter((name) => !new RegExp(`^ {2}${name}:$`, 'm').test(byHand))
    .map((name) => [`${name}:`, '  <<: *program', `  command: [run, --with, keycloak, ${name}]`]);
  const regions = {
    services: containers.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
    addresses: services.map((name) => `${name.replaceAll('-', '_').toUpperCase()}_URL: http://${name}:8000`),
    users: LISTENERS.map((listener) => loginOf(listener, services)),
  };
  return Object.entries(regions).reduce((left, [name, lines]) => withRegion(left, name, lines), text);
}

/** The users of a listener of the broker: the broker itself, the administrator, and one for each service. */
function loginOf(listener: string, services: readonly string[]): string {
  const users = ['broker', 'admin', ...services].map((name) => ` user_${name}="${PASSWORD}"`).join('');
  return `listener.name.${listener}.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="broker" password="${PASSWORD}"${users};`;
}

/** Replaces the lines between `# begin <name>` and `# end <name>`; they are indented like the first of the two. */
function withRegion(text: string, name: string, lines: readonly string[]): string {
  const region = new RegExp(`^( *)(# begin ${name}\\b.*\\n)(?:.*\\n)*?( *# end ${name}\\n)`, 'm');
  if (!region.test(text))
    throw new Error(
      `${COMPOSE_FILE} needs the lines "# begin ${name}" and "# end ${name}", between which it is written`,
    );
  return text.replace(region, (_, indent: string, begin: string, end: string) => {
    const body = lines.map((line) => (line === '' ? '\n' : `${indent}${line}\n`)).join('');
    return `${indent}${begin}${body}${end}`;
  });
}
