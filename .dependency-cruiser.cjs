/*
 * Who may import whom, across packages (docs/STYLE.md has the table). oxlint says the same at the import's line, per
 * folder; here the resolved path counts, so that a detour by a relative path or a re-export is seen as well.
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
      'Two files that need each other are one idea, or hide a third one: move what both need into it.',
      { pathNot: '^generated/' },
      { circular: true },
    ),
    rule(
      'generated-no-circular',
      'Two generated files need each other when they run. (A codec knows the type of its message, which imports the codec.)',
      { path: '^generated/' },
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule(
      'resolvable',
      'The import leads nowhere: declare the package in this package.json, or mend the path.',
      {},
      { couldNotResolve: true },
    ),
    rule(
      'ir-imports-nothing',
      'Everything depends on tools/ir, so it depends on nothing.',
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
      'The toolkit prints imports of the runtime, and never has one; generated code and services are its output.',
      { path: '^tools/atlas/', pathNot: TEST },
      { path: '^(tools/(runtime|stack|bench|house)|generated|services)/' },
    ),
    rule(
      'runtime-knows-no-caller',
      'The runtime is called by generated code; it takes contract values as arguments.',
      { path: '^tools/runtime/', pathNot: TEST },
      { path: '^(tools/(ir|atlas|stack|bench|house)|templates|generated|services)/' },
    ),
    ...STAGES.slice(0, -1).map((stage, index) =>
      rule(
        `stages-point-down-${stage}`,
        `The stages of the toolkit are a line: ${STAGES.join(', ')}. Move what ${stage} needs from a later stage down to it.`,
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
      "Only src/service, where a service is put together, and the package's doors know the adapters: take a port as an argument.",
      { path: '^tools/runtime/src/', pathNot: `${TEST}|^tools/runtime/src/(adapters|service)/|/index\\.ts$` },
      { path: '^tools/runtime/src/adapters/' },
    ),
    rule(
      'steps-are-pure',
      'A step function decides and does nothing else: time, I/O and chance come in as arguments and go out as effects.',
      { path: PURE },
      { pathNot: PURE },
    ),
    rule(
      'records-do-no-io',
      'What a record looks like is a matter of bytes: no clock, no files, no network.',
      { path: '^tools/runtime/src/record/', pathNot: TEST },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer)$' },
    ),
    rule(
      'stack-stands-alone',
      'The stack starts servers for anybody; it reads the catalog as data.',
      { path: '^tools/stack/', pathNot: TEST },
      { path: '^(tools/(ir|atlas|runtime|bench|house)|templates|generated|services)/' },
    ),
    rule(
      'generated-calls-runtime',
      'Generated code calls @atlas/runtime and its own files; libraries come through the runtime.',
      { path: '^generated/([^/]+)/' },
      { pathNot: '^(generated/$1|tools/runtime)/' },
    ),
    rule(
      'no-service-to-service',
      'Services talk by events and HTTP: read the event types in your own generated package.',
      { path: '^services/([^/]+)/' },
      { path: '^services/', pathNot: '^services/$1/' },
    ),
    rule(
      'own-contract-only',
      'A service sees its own generated package; it holds a copy of each event type that the service reads.',
      { path: '^services/([^/]+)/', pathNot: '^services/demo/' },
      { path: '^generated/', pathNot: '^generated/$1/' },
    ),
    rule(
      'service-over-runtime',
      'A service runs on @atlas/runtime alone; the toolkit and the stack are there to make and to test it.',
      { path: '^services/([^/]+)/src/', pathNot: `${TEST}|^services/demo/` },
      { path: '^(tools/(?!runtime/)|templates/)' },
    ),
    rule(
      'domain-is-pure',
      'The domain imports its own folder: no library, no clock, no I/O.',
      { path: '^services/([^/]+)/src/domain/', pathNot: TEST },
      { pathNot: '^services/$1/src/domain/' },
    ),
    rule(
      'app-knows-ports',
      'App knows the domain, ports.ts and the generated types: name what it needs as a port.',
      { path: '^services/([^/]+)/src/(app/|ports\\.ts)', pathNot: TEST },
      // ports.ts names Tx and Read, which are the runtime's types; app converts between Date and what contracts count in
      {
        path: `${OURS}|node_modules`,
        pathNot:
          '^services/$1/src/(domain/|app/|ports\\.ts)|^generated/$1/|^tools/runtime/src/(index\\.ts|contract/|time/timestamps\\.ts)',
      },
    ),
    rule(
      'nothing-imports-tests',
      'A helper that tests share is a file of its own, in test/.',
      { path: OURS, pathNot: TEST },
      { path: '\\.spec\\.ts$' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '(^|/)(\\.atlas/|__transpiled/)|^tools/atlas/test/cases/|/compiled/[^/]+\\.js$',
    },
    // types count as imports here: a boundary is crossed by knowing a type
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};
