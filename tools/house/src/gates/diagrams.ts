import { type Finding, type Gate, matches, type Tree } from './gate.ts';
import { isRecorded } from './tree.ts';

const CATALOG = 'generated/catalog.json';

interface Service {
  readonly name: string;
  readonly operations: readonly { readonly id: string }[];
  readonly sends: readonly string[];
  readonly receives: readonly { readonly message: string }[];
}

/** An arrow of a sequence diagram with one word. A side is undefined if it is not a service. */
interface Arrow {
  readonly line: number;
  readonly from: Service | undefined;
  readonly kind: string;
  readonly to: Service | undefined;
  readonly word: string;
}

interface Diagram {
  readonly services: readonly Service[];
  readonly arrows: readonly Arrow[];
}

/**
 * The arrows between services in a sequence diagram must be in the catalog, which is made from the specs: an open arrow
 * `A-)B: Event` is an event that A sends and B receives, and `X->>B: operation` is an operation of B. Other arrows are
 * not checked. A page with `%% every event of A is on this page` must also draw each event between A and the other
 * services of its diagrams.
 */
export const diagrams: Gate = {
  name: 'diagrams',
  run: (tree) => {
    const services = servicesOf(tree);
    const pages = tree.files.filter((file) => file.endsWith('.md') && !isRecorded(file));
    const findings = pages.flatMap((file) => {
      const text = tree.read(file);
      const drawn = [...diagramsOf(services, text)];
      return [...wrongArrows(file, drawn), ...missingArrows(services, file, text, drawn)];
    });
    return { findings };
  },
};

function servicesOf(tree: Tree): ReadonlyMap<string, Service> {
  if (!tree.files.includes(CATALOG)) return new Map();
  const { services }: { readonly services: readonly Service[] } = JSON.parse(tree.read(CATALOG));
  return new Map(services.map((service) => [service.name, service]));
}

function* diagramsOf(services: ReadonlyMap<string, Service>, text: string): Generator<Diagram> {
  for (const { line: first, match } of matches(text, /```mermaid\nsequenceDiagram\n[\s\S]*?\n```/g)) {
    const drawn = new Map<string, Service>();
    for (const [, id = '', name = id] of match.matchAll(/participant (\w+)(?: as (\S+))?/g)) {
      const service = services.get(name);
      if (service) drawn.set(id, service);
    }
    const arrows = [...matches(match, /^ *\w+ *(?:-\)|->>) *\w+: *\w+ *$/gm)].map(({ line, match: arrow }): Arrow => {
      const [, from = '', kind = '', to = '', word = ''] = /(\w+) *(-\)|->>) *(\w+): *(\w+)/.exec(arrow) ?? [];
      return { line: first + line - 1, from: drawn.get(from), kind, to: drawn.get(to), word };
    });
    yield { services: [...drawn.values()], arrows };
  }
}

function* wrongArrows(file: string, drawn: readonly Diagram[]): Generator<Finding> {
  for (const arrow of drawn.flatMap(({ arrows }) => arrows)) {
    const message = wrong(arrow);
    if (message !== undefined) yield { file, line: arrow.line, message };
  }
}

function wrong({ from, kind, to, word }: Arrow): string | undefined {
  if (kind === '->>')
    return !to || to.operations.some(({ id }) => id === word) ? undefined : `${to.name} has no operation ${word}`;
  if (from && !from.sends.includes(word)) return `${from.name} does not send ${word}`;
  if (to && !receives(to, word)) return `${to.name} does not receive ${word}`;
  return undefined;
}

function* missingArrows(
  services: ReadonlyMap<string, Service>,
  file: string,
  text: string,
  drawn: readonly Diagram[],
): Generator<Finding> {
  const others = new Set(drawn.flatMap((diagram) => diagram.services));
  const arrows = new Set(drawn.flatMap((diagram) => diagram.arrows.map(({ from, to, word }) => said(from, to, word))));
  for (const { line, match } of matches(text, /%% every event of \S+ is on this page/g)) {
    const name = match.split(' ')[4] ?? '';
    const hub = services.get(name);
    if (!hub) yield { file, line, message: `there is no service ${name}` };
    for (const event of hub ? eventsOf(hub, others) : [])
      if (!arrows.has(event)) yield { file, line, message: `no arrow of this page draws ${event}` };
  }
}

/** Every event between a service and others, as `said`. */
function eventsOf(hub: Service, others: ReadonlySet<Service>): readonly string[] {
  const between = (from: Service, to: Service): readonly string[] =>
    from.sends.filter((event) => receives(to, event)).map((event) => said(from, to, event));
  return [...others]
    .filter((other) => other !== hub)
    .flatMap((other) => [...between(hub, other), ...between(other, hub)]);
}

function said(from: Service | undefined, to: Service | undefined, word: string): string {
  return `${word} from ${from?.name} to ${to?.name}`;
}

function receives(service: Service, event: string): boolean {
  return service.receives.some(({ message }) => message === event);
}
