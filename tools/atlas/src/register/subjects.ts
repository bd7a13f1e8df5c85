import {
  isList,
  isObject,
  parseExactly,
  type AvroRecord,
  type JsonValue,
  type Message,
  type Service,
  type System,
} from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { asksAll, raisedLevel, SUBJECT_LEVEL } from '../read/avro/levels.ts';
import { parseRegistered } from '../read/avro/parseRegistered.ts';
import { resolvability, type Unreadable } from '../read/avro/resolvability.ts';
import { type Orphan, orphansOf, renamed } from './renamed.ts';
import type { Invalid, Level, Registry } from './registry.ts';

/** A registered version. A version that Atlas cannot read has no record. */
interface Version {
  readonly version: number;
  readonly record?: AvroRecord;
  readonly schemaText?: string;
}

export interface SubjectPlan {
  readonly subject: string;
  readonly message: Message;
  /** The subject's own level. */
  readonly level: Level | undefined;
  /** The level that applies to the subject now. */
  readonly effective: Level;
  /** The level to set, if it differs from the subject's own. */
  readonly raise: Level | undefined;
  /** Every version of the subject, oldest first. */
  readonly versions: readonly Version[];
  /** Whether one of the versions is this schema, apart from docs, which a registry may ignore. */
  readonly registered: boolean;
  /** Records of the topic that are registered and no longer sent, if the subject is new. */
  readonly orphans: readonly Orphan[];
  /** Handlers of the specs that read the message, as `onBookingMade of seats`. */
  readonly readers: readonly string[];
}

/** What the registry knows about every message that a service sends. */
export async function planSubjects(
  { services }: System,
  namespace: string,
  registry: Registry,
): Promise<readonly SubjectPlan[]> {
  const fallback = await registry.defaultLevel();
  const plans: SubjectPlan[] = [];
  const messages = services.flatMap(({ sends }) => sends);
  const all = await registry.subjects();
  const sent = new Set(messages.map(({ subject }) => namespace + subject));
  for (const message of messages) {
    const subject = namespace + message.subject;
    const level = await registry.level(subject);
    const effective = level ?? fallback;
    const wanted = raisedLevel(effective);
    const isThere = level === wanted || (wanted === effective && wanted !== SUBJECT_LEVEL);
    const versions = (await registry.versions(subject)).map(({ version, text, references }) => ({
      version,
      ...parseRegistered(text, references),
    }));
    // A registry may compare less than the texts, for example without defaults or scales, so the texts must be equal,
    // too.
    const own = withoutDocs(message.schemaText);
    const registered =
      versions.some(({ schemaText }) => schemaText !== undefined && withoutDocs(schemaText) === own) &&
      (await registry.isRegistered(subject, message.schemaText));
    const readers = readersOf(services, message);
    const isNew = versions.length === 0;
    const orphans = isNew ? await orphansOf(`${namespace}${message.topic}-`, all, sent, registry) : [];
    plans.push({
      subject,
      message,
      level,
      effective,
      raise: isThere ? undefined : wanted,
      versions,
      registered,
      orphans,
      readers,
    });
  }
  return plans;
}

/**
 * Registers a schema. Some registries leave out defaults of enums when they compare texts, and answer with the id of an
 * older version. Then the schema gets a mark that they do not leave out, because later schemas are compared with it.
 */
export async function registerText(
  { subject, message }: SubjectPlan,
  registry: Registry,
): Promise<number | 'incompatible' | Invalid> {
  const { schemaText, fingerprint } = message;
  const id = await registry.register(subject, schemaText);
  if (typeof id !== 'number') return id;
  const kept = parseRegistered(await registry.textOf(subject, id), new Map()).schemaText;
  if (kept !== undefined && withoutDocs(kept) === withoutDocs(schemaText)) return id;
  return registry.register(subject, JSON.stringify({ ...Object(parseExactly(schemaText)), [MARK]: fingerprint }));
}

/** Avro allows other attributes, and readers ignore them. */
const MARK = 'atlas.fingerprint';

function withoutDocs(schemaText: string): string {
  const strip = (value: JsonValue): JsonValue => {
    if (isList(value)) return value.map(strip);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, member]) =>
        member === undefined || key === 'doc' || key === MARK ? [] : [[key, strip(member)]],
      ),
    );
  };
  return JSON.stringify(strip(parseExactly(schemaText)));
}

function readersOf(services: readonly Service[], { subject }: Message): readonly string[] {
  return services.flatMap(({ name, receives }) =>
    receives.filter(({ message }) => message.subject === subject).map(({ handler }) => `${handler} of ${name}`),
  );
}

/** What was found about a new schema, and which versions' readers must be replaced before it is written. */
export interface Judged {
  readonly diagnostics: readonly Diagnostic[];
  readonly stale: readonly number[];
}

/**
 * Compares a new schema with every registered version, by the rules of Atlas's own readers. The new schema must read
 * the events of all versions. Readers of the last version, which may be running, must read new events; so must readers
 * of all versions if the subject's level says so. Readers of older versions only have to be replaced first. Then the
 * registry is asked, under the level that the subject has.
 */
export async function judge(plan: SubjectPlan, registry: Registry): Promise<Judged> {
  const { subject, message, versions, registered, effective } = plan;
  if (registered) return { diagnostics: [], stale: [] };
  const unread = new Findings();
  const unreadable = new Findings();
  const stale: number[] = [];
  const warnings = [...renamed(message, plan.orphans), ...incomparable(plan)];
  for (const { version, record } of versions) {
    if (!record) continue;
    const isLast = version === versions.at(-1)?.version;
    if (isLast || asksAll('backward', effective))
      for (const found of resolvability(record, message.avro)) unread.add(found, found.place.reader, version);
    const refused = resolvability(message.avro, record);
    if (refused.length === 0) continue;
    if (isLast || asksAll('forward', effective))
      for (const found of refused) unreadable.add(found, found.place.writer, version);
    else stale.push(version);
  }
  const who = plan.readers.length === 0 ? 'readers outside these specs' : plan.readers.join(', ');
  const diagnostics = [
    ...unread.diagnostics(
      'ATL8003',
      (what, which) => `${what}: the new schema cannot read events of ${which} of ${subject}`,
      (kind) =>
        kind === 'field'
          ? 'give a new field a default; or choose a new address'
          : 'keep it, and add a field with a default beside it; or choose a new address',
    ),
    ...unreadable.diagnostics(
      'ATL8006',
      (what, which) => `${what}: readers with ${which} of ${subject} cannot read new events (${who})`,
      (kind) =>
        kind === 'field' || kind === 'symbol'
          ? 'first give it a default and deploy the readers, then change it; or choose a new address'
          : 'keep it, and add a field with a default beside it; or choose a new address',
    ),
  ];
  const errors = diagnostics.length > 0 ? diagnostics : await asked(plan, registry);
  return { diagnostics: [...warnings, ...errors], stale };
}

/** Other producers may register what Atlas cannot read. Then only the registry compares. */
function incomparable({ subject, message, versions }: SubjectPlan): readonly Diagnostic[] {
  const unread = versions.flatMap(({ version, record }) => (record ? [] : [version]));
  if (unread.length === 0) return [];
  return [
    {
      code: 'ATL8008',
      severity: 'warning',
      message: `Atlas cannot read ${versionsText(unread)} of ${subject}, so only the registry compares the new schema with it`,
      loc: message.avro.loc,
      fix: 'compare the schemas by hand, in both directions',
    },
  ];
}

/** Findings about several versions: one per problem, with all versions that have it. */
class Findings {
  readonly #found = new Map<
    string,
    { readonly kind: Unreadable['kind']; readonly loc: Diagnostic['loc']; readonly versions: number[] }
  >();

  add({ kind, path, why }: Unreadable, loc: Diagnostic['loc'], version: number): void {
    const what = `${path} ${why}`;
    const known = this.#found.get(what) ?? { kind, loc, versions: [] };
    if (known.versions.at(-1) !== version) known.versions.push(version);
    this.#found.set(what, known);
  }

  /** `fix` depends on the problem: a default does not help if the value is present, but has another type. */
  diagnostics(
    code: string,
    message: (what: string, which: string) => string,
    fix: (kind: Unreadable['kind']) => string,
  ): readonly Diagnostic[] {
    return [...this.#found].map(([what, { kind, loc, versions }]) => ({
      code,
      severity: 'error',
      message: message(what, versionsText(versions)),
      loc,
      fix: fix(kind),
    }));
  }
}

/** The registry's own judgement, which may follow other rules. It changes nothing, so a dry run asks, too. */
async function asked(plan: SubjectPlan, registry: Registry): Promise<readonly Diagnostic[]> {
  const refused: number[] = [];
  for (const { version } of plan.versions) {
    const answer = await registry.isCompatible(plan.subject, version, plan.message.schemaText);
    if (typeof answer === 'object') return [invalid(plan, answer)];
    if (!answer) refused.push(version);
  }
  return refused.length === 0 ? [] : [refusal(plan, refused)];
}

/** The registry refuses what Atlas accepts. `versions` is empty if it does not say which it compared with. */
export function refusal({ subject, message, effective }: SubjectPlan, versions: readonly number[]): Diagnostic {
  const which = versions.length === 0 ? 'an older version' : versionsText(versions);
  return {
    code: 'ATL8003',
    severity: 'error',
    message: `the registry refuses the schema of ${message.name} beside ${which} of ${subject} (${effective})`,
    loc: message.loc,
    fix: 'give new fields a default, and keep the types of the others',
  };
}

function versionsText(versions: readonly number[]): string {
  return `version${versions.length === 1 ? '' : 's'} ${versions.join(', ')}`;
}

export function invalid({ subject, message }: SubjectPlan, { invalid: said }: Invalid): Diagnostic {
  return {
    code: 'ATL8004',
    severity: 'error',
    message: `the registry refuses the schema of ${message.name} as invalid (${subject}): ${said.slice(0, 300)}`,
    loc: message.loc,
    fix: 'check that the registry supports Avro 1.12',
  };
}
