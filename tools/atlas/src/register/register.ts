import type { System } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { count } from '../diagnostics/shown.ts';
import { UsageError } from '../diagnostics/usageError.ts';
import { checkSpecs } from '../pipeline.ts';
import { Broker } from './broker.ts';
import { registerEnvironment } from './environment.ts';
import { Registry } from './registry.ts';
import { incompatible, invalid, LEVEL, planSubjects, refusal, type SubjectPlan } from './subjects.ts';
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
    const diagnostics = [...topics.diagnostics, ...(await run.compare(subjects, topics.diagnostics.length > 0))];
    const total = { schemas: subjects.length, topics: system.topics.length };
    if (diagnostics.length > 0) return { changes: [], diagnostics, total };
    stage('registering');
    diagnostics.push(...(await run.subjects(subjects)));
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

  /**
   * Compares new schemas with all versions. The registry compares by the level of the subject, so this sets a different
   * level to ours first, and sets it back if any schema is refused. `refused`: something else was refused already.
   */
  async compare(plans: readonly SubjectPlan[], refused: boolean): Promise<readonly Diagnostic[]> {
    const otherLevel = plans.filter(({ versions, effective }) => versions.length > 0 && effective !== LEVEL);
    const mayRaise = !this.#dryRun && !refused;
    if (mayRaise) for (const { subject } of otherLevel) await this.#registry.setLevel(subject, LEVEL);
    const diagnostics: Diagnostic[] = [];
    for (const plan of plans)
      if (mayRaise || !otherLevel.includes(plan)) diagnostics.push(...(await incompatible(plan, this.#registry)));
    if (mayRaise && diagnostics.length > 0)
      for (const { subject, effective } of otherLevel) await this.#registry.setLevel(subject, effective);
    return diagnostics;
  }

  async subjects(plans: readonly SubjectPlan[]): Promise<readonly Diagnostic[]> {
    const diagnostics: Diagnostic[] = [];
    for (const plan of plans) {
      if (plan.level !== LEVEL) {
        if (!this.#dryRun) await this.#registry.setLevel(plan.subject, LEVEL);
        this.changes.push(
          `subject ${plan.subject} ${this.#dryRun ? 'would be set' : 'set'} to ${LEVEL}${plan.level === undefined ? '' : `, was ${plan.level}`}`,
        );
      }
      if (plan.registered) continue;
      const id = this.#dryRun ? 'new' : await this.#registry.register(plan.subject, plan.message.schemaText);
      // Somebody else may have registered a schema in the meantime.
      if (id === 'incompatible') diagnostics.push(refusal(plan, []));
      else if (id === 'invalid') diagnostics.push(invalid(plan));
      else
        this.changes.push(
          this.#dryRun
            ? `schema ${plan.message.recordName} would be registered as ${plan.subject}`
            : `schema ${plan.message.recordName} registered as ${plan.subject}, id ${id}`,
        );
    }
    return diagnostics;
  }
}
