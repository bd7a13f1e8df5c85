/*
 * Which file may import which, across packages (docs/STYLE.md has the table). oxlint checks the text of an import, per
 * folder. Here the resolved path counts, so that relative paths and re-exports are found too.
 */
const TEST = '\\.(spec|int\\.spec|e2e\\.spec)\\.ts$|/test/|/testing/';
const OURS = '^(tools|templates|generated|services)/';

/**
 * The stages of the toolkit in their order: a file may import its own stage and those before it. `pipeline.ts` runs the
 * stages up to emit; register, breaking, codes, report and cli stand on it.
 */
const STAGES = [
  'diagnostics',
  'document',
  'jsonschema',
  'load',
  'read',
  'check',
  'model',
  'plan',
  'emit',
  'write',
  'pipeline',
  'init',
  'register',
  'breaking',
  'codes',
  'report',
  'cli',
];

/** Files of the runtime that decide and do nothing else. What they import must be pure as well. */
const PURE = '^tools/runtime/src/(.+/(step|state)|time/fullJitter)\\.ts$';

const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    rule(
      'no-circular',
      'Two files that import each other are one idea, or hide a third one: move what both need into a file of its own.',
      { pathNot: '^generated/' },
      { circular: true },
    ),
    rule(
      'generated-no-circular',
      'Two generated files import each other at run time. Types are allowed: a codec imports the type of its message.',
      { path: '^generated/' },
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'resolvable',
      'The import cannot be resolved: declare the package in this package.json, or fix the path.',
      {},
      { couldNotResolve: true },
    ),
    rule(
      'ir-imports-nothing',
      'Everything depends on tools/ir, so it must not depend on anything.',
      { path: '^tools/ir/', pathNot: TEST },
      { pathNot: '^tools/ir/' },
    ),
    rule(
      'templates-import-ir',
      'Templates are pure functions from @atlas/ir to text.',
      { path: '^templates/', pathNot: `${TEST}|^templates/asyncapi-template/` },
      { pathNot: '^(templates|tools/ir)/' },
    ),
    rule(
      'toolkit-is-nobodys',
      'The toolkit works for any repository. It prints imports of the runtime and has none; services are its users.',
      { path: '^tools/atlas/', pathNot: TEST },
      { path: '^(tools/(runtime|stack|bench|house)|generated|services)/' },
    ),
    rule(
      'runtime-knows-no-caller',
      'Generated code calls the runtime, so the runtime cannot import it: take contract values as arguments.',
      { path: '^tools/runtime/', pathNot: TEST },
      { path: '^(tools/(ir|atlas|stack|bench|house)|templates|generated|services)/' },
    ),
    ...STAGES.slice(0, -1).map((stage, index) =>
      rule(
        `stages-point-down-${stage}`,
        `The order of stages is ${STAGES.join(', ')}. Move what ${stage} needs into ${stage} or an earlier stage.`,
        { path: `^tools/atlas/src/${stage}[/.]`, pathNot: TEST },
        { path: `^tools/atlas/src/(${STAGES.slice(index + 1).join('|')})[/.]` },
      ),
    ),
    rule(
      'libraries-live-in-adapters',
      'Only src/adapters imports libraries: declare a port in src/ports and implement it there.',
      { path: '^tools/runtime/src/', pathNot: `${TEST}|^tools/runtime/src/adapters/` },
      { pathNot: '^tools/runtime/src/', dependencyTypesNot: ['core'] },
    ),
    rule(
      'concepts-know-ports',
      'Only src/service, which puts a service together, and index.ts files import adapters: take a port as an argument.',
      { path: '^tools/runtime/src/', pathNot: `${TEST}|^tools/runtime/src/(adapters|service)/|/index\\.ts$` },
      { path: '^tools/runtime/src/adapters/' },
    ),
    rule(
      'steps-are-pure',
      'A step function only decides: take time and random values as arguments, and give I/O back as effects.',
      { path: PURE },
      { pathNot: PURE },
    ),
    rule(
      'records-do-no-io',
      'Code of records only reads and writes bytes: it uses no clock, no files and no network.',
      { path: '^tools/runtime/src/record/', pathNot: TEST },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer)$' },
    ),
    rule(
      'stack-stands-alone',
      'The stack starts servers for any repository: read the catalog as data instead.',
      { path: '^tools/stack/', pathNot: TEST },
      { path: '^(tools/(ir|atlas|runtime|bench|house)|templates|generated|services)/' },
    ),
    rule(
      'sandbox-is-outside',
      'The payment sandbox plays an outside system: it shares nothing with services but its document and the runtime.',
      { path: '^tools/payment-sandbox/' },
      { path: OURS, pathNot: '^(tools/(payment-sandbox|runtime)|generated/payment-sandbox)/' },
    ),
    rule(
      'erp-wires-programs',
      'It starts programs: what knows contracts or services belongs to its users.',
      { path: '^tools/erp/' },
      { path: OURS, pathNot: '^tools/(erp|stack|payment-sandbox)/' },
    ),
    rule(
      'generated-calls-runtime',
      'Generated code imports @atlas/runtime and its own files: libraries come through the runtime.',
      { path: '^generated/([^/]+)/' },
      { pathNot: '^(generated/$1|tools/runtime)/' },
    ),
    rule(
      'no-service-to-service',
      'Services communicate by events and HTTP: import event types from your own generated package.',
      { path: '^services/([^/]+)/' },
      { path: '^services/', pathNot: '^services/$1/' },
    ),
    rule(
      'own-contract-only',
      'A service imports its own generated package, which has a copy of each event type that the service reads.',
      { path: '^services/([^/]+)/', pathNot: '^services/demo/' },
      { path: '^generated/', pathNot: '^generated/$1/' },
    ),
    rule(
      'service-over-runtime',
      'A service imports only @atlas/runtime: the toolkit and the stack are for building and testing it.',
      { path: '^services/([^/]+)/src/', pathNot: `${TEST}|^services/demo/` },
      { path: '^(tools/(?!runtime/)|templates/)' },
    ),
    rule(
      'domain-is-pure',
      'The domain imports only its own folder and the table of currencies, so it uses no library, no clock and no I/O: take values from app.',
      { path: '^services/([^/]+)/src/domain/', pathNot: TEST },
      { pathNot: '^services/$1/src/domain/|^tools/runtime/src/currency\\.ts$' },
    ),
    rule(
      'app-knows-ports',
      'App imports the domain, ports.ts and generated types: declare what it needs as a port.',
      { path: '^services/([^/]+)/src/(app/|ports\\.ts)', pathNot: TEST },
      // ports.ts names Tx and Read of the runtime; app converts between Date and what contracts count in
      {
        path: `${OURS}|node_modules`,
        pathNot:
          '^services/$1/src/(domain/|app/|ports\\.ts)|^generated/$1/|^tools/runtime/src/(index\\.ts|contract/|currency\\.ts|time/timestamps\\.ts)',
      },
    ),
    rule(
      'nothing-imports-tests',
      'A helper that tests share is a file of its own in test/.',
      { path: OURS, pathNot: TEST },
      { path: '\\.spec\\.ts$' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '(^|/)(\\.atlas/|__transpiled/)|^tools/atlas/test/cases/|/compiled/[^/]+\\.js$',
    },
    // Imports of types count too: they cross a boundary as well.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};
