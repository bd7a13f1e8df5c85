import { code, ident, lit, type Code, type Message, type Service } from '@atlas/ir';
import { pascal } from '../names.ts';

/** index.ts: what hand-written code imports, and nothing of the inside. */
export function indexFile(service: Service): Code {
  return code`
    export { contract, type Consumers, type Handlers } from './contract.ts';
    ${service.http && code`export type { components } from './http/types.ts';`}
    ${(service.http?.operations ?? []).map(
      ({ id }) => code`export type * as ${ident(pascal(id))} from ${lit(`./http/${id}.ts`)};`,
    )}
    ${service.receives.map(
      ({ handler }) => code`export type * as ${ident(pascal(handler))} from ${lit(`./events/${handler}.ts`)};`,
    )}
    ${messagesOf(service).map(
      ({ name }) => code`export type { ${ident(name)}, ${ident(`${name}Event`)} } from ${lit(`./events/${name}.ts`)};`,
    )}
  `;
}

/** Every message that has a file in the package: those sent and those read, each once, by name. */
export function messagesOf(service: Service): readonly Message[] {
  const byName = new Map(
    [...service.sends, ...service.receives.map(({ message }) => message)].map((message) => [message.name, message]),
  );
  return [...byName.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
