import type { System } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { UsageError } from '../diagnostics/usageError.ts';
import { Broker } from './broker.ts';
import { registerEnvironment } from './environment.ts';
import { Registry } from './registry.ts';
import { incompatible, invalid, LEVEL, planSubjects, refusal, type SubjectPlan } from './subjects.ts';
import { planTopics } from './topics.ts';

export interface RegisterOptions {
  readonly system: System;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dryRun: boolean;
  /** Told what is being done. */
  readonly stage?: (name: string) => void;
}

export interface RegisterResult {
  /** One line for each thing that was changed, or would be. */
  readonly changes: readonly string[];
  /** ATL8xxx. With any, nothing was changed. */
  readonly diagnostics: readonly Diagnostic[];
  /** Schemas and topics that the specs have. */
  readonly total: { readonly schemas: number; readonly topics: number };
}

/**
 * Brings registry and broker to what the specs say: each subject's level, schemas of sent messages, topics. All is asked
 * before anything is written; a second run changes nothing. Throws `UsageError` where either can't be reached.
 */
export async function registerSystem({
  system,
  env,
  dryRun,
  stage = () => {},
}: RegisterOptions): Promise<RegisterResult> {
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
        `topic ${name} ${dryRun ? 'would be created' : 'created'}, ${topic.partitions} partition${topic.partitions === 1 ? '' : 's'}`,
      );
    }
    return { changes: run.changes, diagnostics, total };
  } finally {
    await broker.close();
  }
}

/** One run, with what it changed so far. */
class Run {
  readonly changes: string[] = [];
  readonly #registry: Registry;
  readonly #dryRun: boolean;

  constructor(registry: Registry, dryRun: boolean) {
    this.#registry = registry;
    this.#dryRun = dryRun;
  }

  /**
   * Compares new schemas with all versions. The registry compares by the level that a subject has, so a level that is not
   * ours is set first, and set back should any schema be refused (`refused`: something else was already).
   */
  async compare(plans: readonly SubjectPlan[], refused: boolean): Promise<readonly Diagnostic[]> {
    const lax = plans.filter(({ versions, effective }) => versions.length > 0 && effective !== LEVEL);
    const mayRaise = !this.#dryRun && !refused;
    if (mayRaise) for (const { subject } of lax) await this.#registry.setLevel(subject, LEVEL);
    const diagnostics: Diagnostic[] = [];
    for (const plan of plans)
      if (mayRaise || !lax.includes(plan)) diagnostics.push(...(await incompatible(plan, this.#registry)));
    if (mayRaise && diagnostics.length > 0)
      for (const { subject, effective } of lax) await this.#registry.setLevel(subject, effective);
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
      // Somebody else may have registered meanwhile.
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
