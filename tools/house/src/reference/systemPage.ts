import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Catalog {
  readonly services: readonly Service[];
}

interface Service {
  readonly name: string;
  readonly operations?: readonly Operation[];
  readonly sends: readonly string[];
  readonly receives: readonly Receive[];
  readonly timers?: readonly Later[];
  readonly effects?: readonly Later[];
}

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** Alternatives of roles that are needed together. */
  readonly roles: readonly (readonly string[])[];
  readonly webhook?: string;
  readonly emits: Readonly<Record<string, readonly (readonly string[])[]>>;
}

interface Receive {
  readonly message: string;
  readonly owner: string;
  readonly emits?: readonly (readonly string[])[];
}

interface Later {
  readonly name: string;
  readonly emits?: readonly (readonly string[])[];
}

const CATALOG = join(import.meta.dirname, '../../../../generated/catalog.json');

/** The services of generated/catalog.json. */
export function catalogServices(): readonly Service[] {
  // cast: Atlas writes this file, and a gate compares it with the specs.
  return (JSON.parse(readFileSync(CATALOG, 'utf8')) as Catalog).services;
}

/**
 * The system as the specs describe it: who sends which events to whom, what each service does with them, and which role
 * may call which operation.
 */
export function systemPage(): string {
  const services = catalogServices();
  return `# The system

\`make generate\` draws this page from the specs. \`atlas graph\` prints the same with topics, and \`generated/catalog.json\` has it as data.

## Who sends which events to whom

\`\`\`mermaid
${flow(services)}
\`\`\`

## What causes what

Which events a service sends, and because of what. Events with a comma between them are sent together. "or" separates the possible outcomes, and an em dash means that nothing is sent.

${table(['service', 'because of', 'sends'], services.flatMap(causes))}

## Who may call what

${roleMatrix(services)}
`;
}

function flow(services: readonly Service[]): string {
  const edges = services.flatMap(({ name, receives }) =>
    [...Map.groupBy(receives, ({ owner }) => owner)].map(([owner, messages]) => {
      const names = [...new Set(messages.map(({ message }) => message))].toSorted();
      return `  ${owner} -- "${names.join('<br>')}" --> ${name}`;
    }),
  );
  return ['flowchart LR', ...services.map(({ name }) => `  ${name}["${name}"]`), ...edges.toSorted()].join('\n');
}

function causes({ name, operations = [], receives, timers = [], effects = [] }: Service): readonly Row[] {
  return [
    ...operations.flatMap(({ id, emits }): Row[] => {
      const ways = Object.values(emits).flat();
      return ways.some((way) => way.length > 0) ? [[name, `the command \`${id}\``, waysOf(ways)]] : [];
    }),
    ...receives.map(({ message, emits = [] }): Row => [name, `the event ${message}`, waysOf(emits)]),
    ...timers.map((timer): Row => [name, `the timer \`${timer.name}\``, waysOf(timer.emits ?? [])]),
    ...effects.map((effect): Row => [name, `the answer to \`${effect.name}\``, waysOf(effect.emits ?? [])]),
  ];
}

function waysOf(ways: readonly (readonly string[])[]): string {
  const texts = ways.map((way) =>
    way.length === 0 ? '—' : way.map((event) => event.replace('*', ' (0 to n)')).join(', '),
  );
  return [...new Set(texts)].join(' or ') || '—';
}

function roleMatrix(services: readonly Service[]): string {
  const roles = [...new Set(services.flatMap(rolesOf))].toSorted();
  const rows = services.flatMap(({ name, operations = [] }) =>
    operations.map(({ id, method, path, roles: allowed, webhook }): Row => {
      const may = (role: string): string => (allowed.some((needed) => needed.includes(role)) ? '✓' : '');
      const call = `\`${method} ${path}\``;
      return [name, `\`${id}\``, call, ...roles.map(may), webhook === undefined ? '' : `signed by \`${webhook}\``];
    }),
  );
  return table(['service', 'operation', 'request', ...roles, 'without a role'], rows);
}

function rolesOf({ operations = [] }: Service): readonly string[] {
  return operations.flatMap(({ roles }) => roles.flat());
}

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
