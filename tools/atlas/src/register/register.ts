import type { System } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { UsageError } from '../diagnostics/usageError.ts';
import type { CheckedSpecs } from '../pipeline.ts';
import { Broker } from './broker.ts';
import type { Change } from './changes.ts';
import { registerEnvironment } from './environment.ts';
import { Registry } from './registry.ts';
import { invalid, judge, planSubjects, refusal, registerText, type Judged, type SubjectPlan } from './subjects.ts';
import { planTopics } from './topics.ts';

export interface RegisterOptions {
  /** Path of atlas.config.yaml. */
  readonly config: string;
  /** SCHEMA_REGISTRY_URL, KAFKA_BROKERS, KAFKA_USERNAME, KAFKA_PASSWORD, ATLAS_NAMESPACE. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether to change nothing, and only list what would change. */
  readonly dryRun?: boolean;
  /** Receives the name of each step when it begins. */
  readonly stage?: (name: string) => void;
  /** Reads and checks the specs; `checkSpecs` by default. */
  readonly checked?: (config: string, stage: (name: string) => void) => Promise<RegistrableSpecs>;
}

/** What registering needs of checked specs. `workspace` is absent if the configuration is unusable. */
export interface RegistrableSpecs extends Omit<CheckedSpecs, 'workspace'> {
  readonly workspace?: { readonly root: string };
}

/** `result` is absent if the specs have errors. */
export interface Registered {
  readonly result?: RegisterResult;
  /** All findings, including warnings. */
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** Folder of the configuration; absent if the configuration is unusable. */
  readonly root?: string;
}

export interface RegisterResult {
  readonly changes: readonly Change[];
  /** ATL8xxx. If one is an error, nothing was changed. */
  readonly diagnostics: readonly Diagnostic[];
  /** Schemas and topics in the specs, without foreign topics. */
  readonly total: { readonly schemas: number; readonly topics: number };
}

/** Reads and checks the specs, then registers them. Throws `UsageError`. */
export async function register(options: RegisterOptions): Promise<Registered> {
  // not loaded unless the specs must be checked, because it takes as long as everything else here
  const { checked = (await import('../pipeline.ts')).checkSpecs, stage = () => {} } = options;
  const { system, workspace, diagnostics, sources } = await checked(options.config, stage);
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
    const total = { schemas: subjects.length, topics: topics.total };
    if (diagnostics.some(({ severity }) => severity === 'error')) return { changes: [], diagnostics, total };
    stage('registering');
    diagnostics.push(...(await run.subjects(judged)));
    for (const { name, topic } of topics.create) {
      const refused = dryRun ? undefined : await broker.create(name, topic);
      if (refused !== undefined)
        throw new UsageError(`the broker accepted topic ${name} in the check, but refuses to create it: ${refused}`);
      const { partitions, replicas, config } = topic;
      run.changes.push({ kind: 'topic', topic: name, partitions, replicas, config });
    }
    return { changes: run.changes, diagnostics, total };
  } finally {
    await broker.close();
  }
}

/** One run, with the changes that it made so far, or would make. */
class Run {
  readonly changes: Change[] = [];
  readonly #registry: Registry;
  readonly #dryRun: boolean;

  constructor(registry: Registry, dryRun: boolean) {
    this.#registry = registry;
    this.#dryRun = dryRun;
  }

  async subjects(plans: ReadonlyMap<SubjectPlan, Judged>): Promise<readonly Diagnostic[]> {
    const diagnostics: Diagnostic[] = [];
    for (const [plan, { stale }] of plans) {
      const { subject, level, raise, message, readers } = plan;
      if (raise !== undefined) {
        if (!this.#dryRun) await this.#registry.setLevel(subject, raise);
        this.changes.push({ kind: 'level', subject, level: raise, ...(level === undefined ? {} : { was: level }) });
      }
      if (plan.registered) continue;
      const id = this.#dryRun ? undefined : await registerText(plan, this.#registry);
      // Somebody else may have registered a schema in the meantime.
      if (id === 'incompatible') diagnostics.push(refusal(plan, []));
      else if (typeof id === 'object') diagnostics.push(invalid(plan, id));
      else
        this.changes.push({
          kind: 'schema',
          subject,
          record: message.recordName,
          ...(id === undefined ? {} : { id }),
          ...(plan.versions.length === 0 ? {} : { deploy: stale.length === 0 ? 'any-order' : 'readers-first' }),
          replace: stale,
          readers,
        });
    }
    return diagnostics;
  }
}
