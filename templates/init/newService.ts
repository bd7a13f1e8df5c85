import { Code, ident, pascal, type Message } from '@atlas/ir';

/** Words in lower case, joined by "-": the form of the names of services and aggregates. */
export const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** A message of another service that the new one reads. */
export interface ReadMessage {
  readonly message: Message;
  /** The channel, as a reference from the new AsyncAPI document: `./tickets.yaml#/channels/bookings`. */
  readonly channel: string;
}

/** A new service, with its names in every spelling that a file needs. */
export interface NewService {
  readonly name: string;
  /** The generated package, as a literal. */
  readonly packageName: Code;
  /** The words of the aggregate, such as `box-office`, in the spellings of TypeScript, of paths and of SQL. */
  readonly one: Spellings;
  readonly many: Spellings;
  /** Undefined if no service sends anything yet. */
  readonly reads: ReadMessage | undefined;
  /** Versions of the packages that the service depends on, as package.json has them. */
  readonly versions: { readonly slonik: string };
  /** Its decision record: `0007` and `0007-seats-as-a-service.md`. */
  readonly decision: { readonly number: Code; readonly file: Code };
}

/** One name: `boxOffice`, `BoxOffice`, `box-office`, `box_office`, `box office`. */
export interface Spellings {
  readonly camel: Code;
  readonly Pascal: Code;
  readonly kebab: Code;
  readonly snake: Code;
  readonly words: Code;
}

/** Throws if the name is not in kebab case, because it becomes part of code, SQL and paths. */
export function spellings(kebab: string): Spellings {
  if (!KEBAB_CASE.test(kebab)) throw new Error(`not in kebab case: ${JSON.stringify(kebab)}`);
  const camel = kebab.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return {
    camel: ident(camel),
    Pascal: ident(pascal(camel)),
    kebab: new Code(kebab),
    snake: new Code(kebab.replaceAll('-', '_')),
    words: new Code(kebab.replaceAll('-', ' ')),
  };
}

/** The plural of a word in kebab case: `seat` as `seats`, `box` as `boxes`, `delivery` as `deliveries`. */
export function plural(kebab: string): string {
  if (/[^aeiou]y$/.test(kebab)) return `${kebab.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(kebab) ? `${kebab}es` : `${kebab}s`;
}
