import type { System } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { count } from '../diagnostics/shown.ts';
import { UsageError } from '../diagnostics/usageError.ts';
import { checkSpecs } from '../pipeline.ts';
import { Broker } from './broker.ts';
import { registerEnvironment } from './environment.ts';
import { Registry } from './registry.ts';
import { invalid, judge, planSubjects, refusal, type Judged, type SubjectPlan } from './subjects.ts';
import { planTopics } from './topics.ts';

export interface RegisterOptions {
  /** Path of atlas.config.yaml. */
  readonly config: string;
  /** SCHEMA_REGISTRY_URL, KAFKA_BROKERS, KAFKA_USERNAME, KAFKA_PASSWORD, ATLAS_NAMESPACE. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Changes nothing, and lists what would change. */
  readonly dryRun?: boolean;
  /** Receives the name of each step when it begins. */
  readonly stage?: (name: string) => void;
}

/** `result` is absent if the specs have errors. */
export interface Registered {
  readonly result?: RegisterResult;
  /** Everything that was found, warnings too. */
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** Folder of the configuration; absent if the configuration is unusable. */
  readonly root?: string;
}

export interface RegisterResult {
  /** One line per change that was made, or would be. */
  readonly changes: readonly string[];
  /** ATL8xxx. If there are any, nothing was changed. */
  readonly diagnostics: readonly Diagnostic[];
  /** Schemas and topics in the specs. */
  readonly total: { readonly schemas: number; readonly topics: number };
}

/** Reads and checks the specs, then registers them. Throws `UsageError`. */
export async function register(options: RegisterOptions): Promise<Registered> {
  const { system, workspace, diagnostics, sources } = await checkSpecs(options.config, options.stage ?? (() => {}));
  const root = workspace ? { root: workspace.root } : {};
  if (!system) return { diagnostics, sources, ...root };
  const result = await registerSystem(system, options);
  return { result, diagnostics: [...diagnostics, ...result.diagnostics], sources, ...root };
}

/**
 * Brings the registry and the broker in line with the specs: compatibility of each subject, schemas of sent messages,
 * topics. Everything is checked before anything is written, and a second run changes nothing. Throws `UsageError` if
 * the registry or the broker is unavailable.
 */
async function registerSystem(
  system: System,
  { env, dryRun = false, stage = () => {} }: RegisterOptions,
): Promise<RegisterResult> {
  const environment = registerEnvironment(env);
  const { namespace } = environment;
  stage('asking the schema registry');
  const registry = await Registry.connect(environment);
  const subjects = await planSubjects(system, namespace, registry);
  stage('asking Kafka');
  const broker = await Broker.connect(environment);
  try {
    const topics = await planTopics(system, namespace, broker);
    stage('comparing schemas');
    const run = new Run(registry, dryRun);
    const judged = new Map<SubjectPlan, Judged>();
    for (const plan of subjects) judged.set(plan, await judge(plan, registry));
    const diagnostics = [...topics.diagnostics, ...[...judged.values()].flatMap((each) => each.diagnostics)];
    const total = { schemas: subjects.length, topics: system.topics.length };
    if (diagnostics.length > 0) return { changes: [], diagnostics, total };
    stage('registering');
    diagnostics.push(...(await run.subjects(judged)));
    for (const { name, topic } of topics.create) {
      const refused = dryRun ? undefined : await broker.create(name, topic);
      if (refused !== undefined)
        throw new UsageError(`the broker accepted topic ${name} in the check, but refuses to create it: ${refused}`);
      run.changes.push(
        `topic ${name} ${dryRun ? 'would be created' : 'created'}, ${count(topic.partitions, 'partition')}`,
      );
    }
    return { changes: run.changes, diagnostics, total };
  } finally {
    await broker.close();
  }
}

/** One run, with the changes that it made so far. */
class Run {
  readonly changes: string[] = [];
  readonly #registry: Registry;
  readonly #dryRun: boolean;

  constructor(registry: Registry, dryRun: boolean) {
    this.#registry = registry;
    this.#dryRun = dryRun;
  }

  async subjects(plans: ReadonlyMap<SubjectPlan, Judged>): Promise<readonly Diagnostic[]> {
    const diagnostics: Diagnostic[] = [];
    for (const [plan, { stale }] of plans) {
      const { level, raise } = plan;
      if (raise !== undefined) {
        if (!this.#dryRun) await this.#registry.setLevel(plan.subject, raise);
        this.changes.push(
          `subject ${plan.subject} ${this.#dryRun ? 'would be set' : 'set'} to ${raise}${level === undefined ? '' : `, was ${level}`}`,
        );
      }
      if (plan.registered) continue;
      const id = this.#dryRun ? 'new' : await this.#registry.register(plan.subject, plan.message.schemaText);
      // Somebody else may have registered a schema in the meantime.
      if (id === 'incompatible') diagnostics.push(refusal(plan, []));
      else if (typeof id === 'object') diagnostics.push(invalid(plan, id));
      else
        this.changes.push(
          this.#dryRun
            ? `schema ${plan.message.recordName} would be registered as ${plan.subject}${order(plan, stale)}`
            : `schema ${plan.message.recordName} registered as ${plan.subject}${order(plan, stale)}, id ${id}`,
        );
    }
    return diagnostics;
  }
}

/** Who deploys first. Nobody reads a first version yet. */
function order({ versions }: SubjectPlan, stale: readonly number[]): string {
  if (versions.length === 0) return '';
  return stale.length === 0
    ? ', readers and writers may be deployed in any order'
    : `, readers with version ${stale.join(', ')} must be replaced before writers are deployed`;
}
