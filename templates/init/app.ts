import { code, ident, pascal, type Code } from '@atlas/ir';
import { AvroSchema } from '../events/codec/types.ts';
import { keyFunction } from '../events/keyFunction.ts';
import type { NewService, ReadMessage } from './newService.ts';

export function openFile({ packageName, one, many }: NewService): Code {
  const { camel, Pascal, kebab } = one;
  return code`
    import type { Open${Pascal} } from ${packageName};
    import { opened } from '../domain/${camel}.ts';
    import type { ${Pascal}Store } from '../ports.ts';
    import { ${camel}Opened } from './events.ts';
    import { view } from './view.ts';

    export const open${Pascal} =
      ({ ${many.camel} }: { readonly ${many.camel}: ${Pascal}Store }): Open${Pascal}.Handler =>
      async ({ body, ctx }, tx): Promise<Open${Pascal}.Result> => {
        const { subject } = body;
        const open = opened({ ${camel}Id: ctx.newId(), subject, openedBy: ctx.actor.id, openedAt: ctx.now });
        if (!(await ${many.camel}.insert(tx, open)))
          return { status: 409, problem: { code: '${kebab}-exists', detail: \`\${subject} already has one\` } };
        return {
          status: 201,
          body: view(open),
          version: open.version,
          headers: { Location: \`/v1/${many.kebab}/\${open.${camel}Id}\` },
          events: [${camel}Opened(open)],
        };
      };
  `;
}

export function closeFile({ packageName, one, many }: NewService): Code {
  const { camel, Pascal, kebab } = one;
  return code`
    import type { Close${Pascal} } from ${packageName};
    import { close } from '../domain/${camel}.ts';
    import type { ${Pascal}Store } from '../ports.ts';
    import { ${camel}Closed } from './events.ts';
    import { view } from './view.ts';

    export const close${Pascal} =
      ({ ${many.camel} }: { readonly ${many.camel}: ${Pascal}Store }): Close${Pascal}.Handler =>
      async ({ params, ifMatch, ctx }, tx): Promise<Close${Pascal}.Result> => {
        const found = await ${many.camel}.load(tx, params.${camel}Id, ifMatch);
        if (!found)
          return { status: 404, problem: { code: '${kebab}-not-found', detail: \`there is no \${params.${camel}Id}\` } };
        const closing = close(found, ctx.now);
        if (!closing.ok) return { status: 409, problem: closing.problem };
        const { closed } = closing;
        await ${many.camel}.save(tx, closed);
        return { status: 200, body: view(closed), version: closed.version, events: [${camel}Closed(closed)] };
      };
  `;
}

export function getFile({ packageName, one, many }: NewService): Code {
  const { camel, Pascal, kebab } = one;
  return code`
    import type { Get${Pascal} } from ${packageName};
    import type { ${Pascal}Store } from '../ports.ts';
    import { view } from './view.ts';

    export const get${Pascal} =
      ({ ${many.camel} }: { readonly ${many.camel}: ${Pascal}Store }): Get${Pascal}.Handler =>
      async ({ params }, read): Promise<Get${Pascal}.Result> => {
        const found = await ${many.camel}.read(read, params.${camel}Id);
        if (!found)
          return { status: 404, problem: { code: '${kebab}-not-found', detail: \`there is no \${params.${camel}Id}\` } };
        return { status: 200, body: view(found), version: found.version };
      };
  `;
}

export function viewFile({ packageName, one }: NewService): Code {
  const { camel, Pascal, words } = one;
  return code`
    import type { components } from ${packageName};
    import type { ${Pascal} } from '../domain/${camel}.ts';

    /** The ${words} as the contract shows it. */
    export function view(${camel}: ${Pascal}): components['schemas']['${Pascal}'] {
      const { ${camel}Id, subject, state, openedBy, openedAt } = ${camel};
      return {
        ${camel}Id,
        subject,
        state,
        openedBy,
        openedAt: openedAt.toISOString(),
        ...(${camel}.state === 'CLOSED' ? { closedAt: ${camel}.closedAt.toISOString() } : {}),
      };
    }
  `;
}

export function eventsFile({ packageName, one }: NewService): Code {
  const { camel, Pascal } = one;
  return code`
    import type { ${Pascal}ClosedEvent, ${Pascal}OpenedEvent } from ${packageName};
    import { microsOf } from '@atlas/runtime/time';
    import type { Closed, Open } from '../domain/${camel}.ts';

    /** The events for other services, as the contract has them. */

    export function ${camel}Opened({ ${camel}Id, version, subject, openedBy, openedAt }: Open): ${Pascal}OpenedEvent {
      return {
        type: '${Pascal}Opened',
        data: { ${camel}Id, version, subject, openedBy, openedAt: microsOf(openedAt) },
      };
    }

    export function ${camel}Closed({ ${camel}Id, version, closedAt }: Closed): ${Pascal}ClosedEvent {
      return { type: '${Pascal}Closed', data: { ${camel}Id, version, closedAt: microsOf(closedAt) } };
    }
  `;
}

/** The handler of the message that the service reads. */
export function consumerFile({ packageName, one, many }: NewService, { message }: ReadMessage): Code {
  const { camel, Pascal } = one;
  const On = ident(pascal(handlerOf(message.name)));
  // Without a key, each event has a subject of its own.
  const subject = message.key ? code`subjectOf(data)` : code`meta.id`;
  return code`
    import type { ${On} } from ${packageName};
    import { opened } from '../domain/${camel}.ts';
    import type { ${Pascal}Store } from '../ports.ts';
    import { ${camel}Opened } from './events.ts';

    export const ${ident(handlerOf(message.name))} =
      ({ ${many.camel} }: { readonly ${many.camel}: ${Pascal}Store }): ${On}.Handler =>
      async ({ ${message.key ? code`data` : code`meta`}, ctx }, tx): Promise<${On}.Result> => {
        const open = opened({
          ${camel}Id: ctx.newId(),
          subject: ${subject},
          openedBy: ctx.actor.id,
          openedAt: ctx.now,
        });
        if (!(await ${many.camel}.insert(tx, open))) return { events: [], noop: 'EXISTS' };
        return { events: [${camel}Opened(open)] };
      };
    ${
      message.key &&
      code`

    /** The key of the event's topic. */
    const subjectOf: (data: ${On}.Input['data']) => string = ${keyFunction(message.key, new AvroSchema(message.avro))};`
    }
  `;
}

/** The name of a message's handler in the model: `onBookingMade`. */
export function handlerOf(message: string): string {
  return `on${message}`;
}
