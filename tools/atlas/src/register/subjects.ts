import type { Message, System } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Level, Registry } from './registry.ts';

/** New versions must read all events that were ever written, because consumers start at the beginning of a topic. */
export const LEVEL: Level = 'BACKWARD_TRANSITIVE';

export interface SubjectPlan {
  readonly subject: string;
  readonly message: Message;
  /** The subject's own level. */
  readonly level: Level | undefined;
  /** The level that applies to the subject now. */
  readonly effective: Level;
  /** Versions to compare the schema with; empty if it is registered already, or if it is the first one. */
  readonly versions: readonly number[];
  readonly registered: boolean;
}

/** What the registry knows about every message that a service sends. */
export async function planSubjects(
  { services }: System,
  namespace: string,
  registry: Registry,
): Promise<readonly SubjectPlan[]> {
  const fallback = await registry.defaultLevel();
  const plans: SubjectPlan[] = [];
  for (const message of services.flatMap(({ sends }) => sends)) {
    const subject = namespace + message.subject;
    const registered = await registry.isRegistered(subject, message.schemaText);
    const level = await registry.level(subject);
    const versions = registered ? [] : await registry.versions(subject);
    plans.push({ subject, message, level, effective: level ?? fallback, versions, registered });
  }
  return plans;
}

/** Findings for versions whose events the new schema cannot read. The subject must have level `LEVEL` by now. */
export async function incompatible(plan: SubjectPlan, registry: Registry): Promise<readonly Diagnostic[]> {
  const refused: number[] = [];
  for (const version of plan.versions) {
    const answer = await registry.isCompatible(plan.subject, version, plan.message.schemaText);
    if (answer === 'invalid') return [invalid(plan)];
    if (!answer) refused.push(version);
  }
  return refused.length === 0 ? [] : [refusal(plan, refused)];
}

export function refusal({ subject, message }: SubjectPlan, versions: readonly number[]): Diagnostic {
  const which =
    versions.length === 0 ? 'an older version' : `version${versions.length === 1 ? '' : 's'} ${versions.join(', ')}`;
  return {
    code: 'ATL8003',
    severity: 'error',
    message: `the schema of ${message.name} cannot read events of ${which} of ${subject}`,
    loc: message.loc,
    fix: 'give new fields a default, and keep the types of the others',
  };
}

export function invalid({ subject, message }: SubjectPlan): Diagnostic {
  return {
    code: 'ATL8004',
    severity: 'error',
    message: `the registry refuses the schema of ${message.name} as invalid (${subject})`,
    loc: message.loc,
    fix: 'check that the registry supports Avro 1.12',
  };
}
