/** What `--help` says about a command. */
export interface Help {
  /** One line for the list of commands. */
  readonly summary: string;
  readonly description: string;
  /** What each command line does, and the command line. */
  readonly examples: Readonly<Record<string, string>>;
}

export const PROGRAM_HELP: Omit<Help, 'summary'> = {
  description:
    'Generate services from OpenAPI and AsyncAPI specs: routes, clients, producers, consumers and the outbox.',
  examples: {
    'find errors in the specs': 'atlas check',
    'write the code': 'atlas generate',
  },
};

export const HELP = {
  generate: {
    summary: 'generate code from the specs',
    description:
      'Generates code from the specs. Writes only the files that change, and nothing at all if a spec has errors.',
    examples: {
      'fail in CI if generated code is out of date': 'atlas generate --check',
      'generate one service again at each save': 'atlas generate --watch --only tickets',
    },
  },
  check: {
    summary: 'find errors in the specs',
    description: 'Finds all errors in the specs that would make generate fail. Writes nothing.',
    examples: {
      'ask the official tools for a second opinion': 'atlas check --official',
      'annotate the lines of a pull request': 'atlas check --format github-actions',
    },
  },
  breaking: {
    summary: 'find changes that break clients and consumers',
    description:
      'Compares two versions of OpenAPI and AsyncAPI documents, Avro schemas, JSON Schemas and migrations, and proves ' +
      'each breaking change with a request, a response, a record, data or a statement. A report names what it did not compare.',
    examples: {
      'fail in CI if a change breaks clients of the main branch': 'atlas breaking --against origin/main',
      'compare two documents': 'atlas breaking old.yaml new.yaml',
      'compare an Avro schema with all old versions, as a registry does':
        'atlas breaking versions/ new.avsc --mode FULL_TRANSITIVE',
    },
  },
  diff: {
    summary: 'print the changelog of two versions',
    description:
      'Prints everything that differs between two versions, whether it breaks anything or not: what breaks, what may ' +
      'break, what was added, changed or removed, and which descriptions changed.',
    examples: {
      'write release notes': 'atlas diff --against v1.4.0 --format markdown > CHANGES.md',
      'compare two documents': 'atlas diff old.yaml new.yaml',
    },
  },
  register: {
    summary: 'register Avro schemas and create topics',
    description:
      'Registers the Avro schemas of all messages that services send, sets their compatibility to BACKWARD_TRANSITIVE ' +
      'and creates missing topics. Changes nothing if the registry or the broker refuses any of it.',
    examples: {
      'print what would change': 'atlas register --dry-run',
      'change it': 'atlas register',
    },
  },
  graph: {
    summary: 'print the flow of messages between services',
    description: 'Prints which service sends which messages to which other services.',
    examples: {
      'save a Mermaid diagram': 'atlas graph > system.mmd',
      'print services, topics and messages as data': 'atlas graph --format json',
    },
  },
  init: {
    summary: 'add a service or a handler',
    description:
      'Adds a service that works: specs, code, migration, tests, README and a stub of its decision record. It opens and ' +
      'closes one kind of thing, sends two events, and reads one of another service. It writes all files or none. ' +
      'Then change them as you need: atlas does not write them again. A handler that is in the specs but not in ' +
      'main.ts gets a file that fails until you write it, and an entry in main.ts.',
    examples: {
      'add a service': 'atlas init service box-office',
      'say what it is about and what it reads': 'atlas init service box-office --aggregate seat --reads BookingMade',
      'add the handler of a new operation, message, timer or effect': 'atlas init handler cancelBooking',
    },
  },
  explain: {
    summary: 'explain a diagnostic code',
    description: 'Prints what a diagnostic code means and why it matters, with a wrong and a fixed example.',
    examples: {
      'explain error[ATL2003]': 'atlas explain ATL2003',
      'explain a breaking change': 'atlas explain path-removed',
    },
  },
} as const satisfies Readonly<Record<string, Help>>;

/** The environment variables of `register`. */
export const ENVIRONMENT = `
Environment:
  SCHEMA_REGISTRY_URL  base URL of the schema registry (required); for basic
                       authentication, https://user:password@host. Messages
                       show it without user and password
  KAFKA_BROKERS        bootstrap servers, comma-separated (required)
  KAFKA_USERNAME       SASL user (default: no SASL)
  KAFKA_PASSWORD       password of the SASL user
  ATLAS_NAMESPACE      prefix of all topics and subjects (default: none)`;

export const EXIT_CODES = `
Exit codes:
  0    success
  1    internal error
  2    wrong usage, or an unusable configuration
  100  errors in the specs, generated files out of date, or a breaking change`;

/** Two lines per example: a comment and the command line. */
export function examplesText({ examples }: Pick<Help, 'examples'>): string {
  const texts = Object.entries(examples).map(([purpose, line]) => `  # ${purpose}\n  $ ${line}`);
  return `\nExamples:\n${texts.join('\n')}`;
}
