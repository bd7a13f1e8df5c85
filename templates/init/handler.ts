import { code, comment, ident, lit, pascal, type Code } from '@atlas/ir';

/** A handler that a service lacks. */
export interface LackingHandler {
  /** Its name in the handler tables of `main.ts`. */
  readonly name: string;
  /** The member of `runService`'s options to which it belongs. */
  readonly table: 'handlers' | 'consumers' | 'timers' | 'effects';
  readonly summary: string | undefined;
  /** Set if it gets sets of messages. */
  readonly sets?: boolean;
}

/** `src/app/<name>.ts`: a handler that compiles and fails, until somebody writes it. Not formatted yet. */
export function handlerFile(packageName: Code, { name, table, summary, sets = false }: LackingHandler): Code {
  const own = ident(name);
  const Type = ident(pascal(name));
  const fails = code`throw new Error(${lit(`${name} is not written yet`)});`;
  return code`
    import type { ${Type} } from ${packageName};

    ${comment(summary)}
    ${
      table === 'effects'
        ? code`export const ${own} = (): ${Type}.Handler => ({
      perform: async () => { ${fails} },
      settle: async () => { ${fails} },
    });`
        : code`export const ${own} =
      (): ${Type}.Handler =>
      async (): Promise<${sets ? code`readonly ${Type}.Result[]` : code`${Type}.Result`}> => {
        ${fails}
      };`
    }
  `;
}
