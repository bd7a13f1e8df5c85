import { type Finding, type Gate, matches, type Tree } from './gate.ts';
import { isRecorded } from './tree.ts';

const CATALOG = 'generated/catalog.json';

interface Service {
  readonly name: string;
  readonly operations: readonly { readonly id: string }[];
  readonly sends: readonly string[];
  readonly receives: readonly { readonly message: string }[];
}

/**
 * What a sequence diagram draws between services must be in the catalog, which the specs make: an open arrow
 * `A-)B: Event` is an event that A sends and B receives, and `X->>B: operation` is an operation of B. What others do is
 * not checked.
 */
export const diagrams: Gate = {
  name: 'diagrams',
  run: (tree) => {
    const services = servicesOf(tree);
    const pages = tree.files.filter((file) => file.endsWith('.md') && !isRecorded(file));
    const findings = pages.flatMap((file) => [...wrongArrows(services, file, tree.read(file))]);
    return { findings };
  },
};

function servicesOf(tree: Tree): ReadonlyMap<string, Service> {
  if (!tree.files.includes(CATALOG)) return new Map();
  const { services }: { readonly services: readonly Service[] } = JSON.parse(tree.read(CATALOG));
  return new Map(services.map((service) => [service.name, service]));
}

function* wrongArrows(services: ReadonlyMap<string, Service>, file: string, text: string): Generator<Finding> {
  for (const { line: first, match } of matches(text, /```mermaid\nsequenceDiagram\n[\s\S]*?\n```/g)) {
    const names = new Map(
      [...match.matchAll(/participant (\w+)(?: as (\S+))?/g)].map(([, id, name]) => [id, name ?? id]),
    );
    for (const { line, match: arrow } of matches(match, /^ *\w+ *(?:-\)|->>) *\w+: *\w+ *$/gm)) {
      const [, from = '', kind = '', to = '', word = ''] = /(\w+) *(-\)|->>) *(\w+): *(\w+)/.exec(arrow) ?? [];
      const message = wrong(services.get(names.get(from) ?? ''), kind, services.get(names.get(to) ?? ''), word);
      if (message !== undefined) yield { file, line: first + line - 1, message };
    }
  }
}

function wrong(from: Service | undefined, kind: string, to: Service | undefined, word: string): string | undefined {
  if (kind === '->>')
    return !to || to.operations.some(({ id }) => id === word) ? undefined : `${to.name} has no operation ${word}`;
  if (from && !from.sends.includes(word)) return `${from.name} does not send ${word}`;
  if (to && !to.receives.some(({ message }) => message === word)) return `${to.name} does not receive ${word}`;
  return undefined;
}
