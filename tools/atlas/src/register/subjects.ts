import type { Message, System } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Level, Registry } from './registry.ts';

/** New versions must read all that was ever written: a consumer starts from the beginning of a topic. */
export const LEVEL: Level = 'BACKWARD_TRANSITIVE';

export interface SubjectPlan {
  readonly subject: string;
  readonly message: Message;
  /** The level that it has for itself. */
  readonly level: Level | undefined;
  /** The level that counts for it now. */
  readonly effective: Level;
  /** Versions that the schema is to be compared with; empty where it is registered already, or is the first. */
  readonly versions: readonly number[];
  readonly registered: boolean;
}

/** What the registry has of every message that is sent. */
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

/** Versions that the new schema can't read the events of. The subject's level must be `LEVEL` by now. */
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
