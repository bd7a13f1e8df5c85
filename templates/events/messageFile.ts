import {
  code,
  comment,
  ident,
  join,
  lit,
  namedTypes,
  propertyKey,
  type AvroField,
  type AvroLogicalName,
  type AvroNamedType,
  type AvroRecord,
  type Code,
  type Message,
} from '@atlas/ir';
import { contractName, eventName } from '../names.ts';
import { AvroSchema, nameOf, typeNames, typeOf } from './codec/types.ts';
import { keyFunction } from './keyFunction.ts';

/** events/<Message>.ts: the payload's types, the event as handlers return it, and the message as data. */
export function messageFile(message: Message): Code {
  const name = ident(message.name);
  return code`
    import type { Event, MessageContract } from '@atlas/runtime';
    import { codec, schema } from ${lit(`./${message.name}.codec.ts`)};

    ${payloadTypes(message)}

    /** ${name} as a handler returns it. */
    export type ${eventName(message.name)} = Event<${lit(message.name)}, ${name}>;

    export const ${contractName(message)}: MessageContract<${name}> = {
      name: ${lit(message.name)},
      type: ${lit(message.recordName)},
      topic: ${lit(message.topic)},
      subject: ${lit(message.subject)},
      schema,
      fingerprint: ${lit(message.fingerprint)},
      ${message.key && code`key: ${keyFunction(message.key, new AvroSchema(message.avro))},`}
      codec,
    };
  `;
}

type Described = Pick<Message, 'name' | 'avro' | 'summary'>;

/** The TypeScript types of a payload: one per record and enum. */
export function payloadTypes(payload: Described): Code {
  const schema = new AvroSchema(payload.avro);
  const names = typeNames(payload);
  return join(
    namedTypes(payload.avro).flatMap((type) => declaration(type, payload, schema, names) ?? []),
    '\n\n',
  );
}

function declaration(
  type: AvroNamedType,
  payload: Described,
  schema: AvroSchema,
  names: ReadonlyMap<string, string>,
): Code | undefined {
  if (type.kind === 'fixed') return undefined;
  const name = ident(nameOf(names, type));
  if (type.kind === 'enum')
    return code`
      ${comment(type.doc)}
      export type ${name} = ${join(
        type.symbols.map((symbol) => lit(symbol)),
        ' | ',
      )};
    `;
  return code`
    ${comment(type.doc ?? (type === payload.avro ? payload.summary : undefined))}
    export interface ${name} {
      ${fieldLines(type, schema, names)}
    }
  `;
}

function fieldLines({ fields }: AvroRecord, schema: AvroSchema, names: ReadonlyMap<string, string>): readonly Code[] {
  return fields.map((field) => {
    const line = code`readonly ${propertyKey(field.name)}: ${typeOf(field.type, schema, names)};`;
    const doc = comment(docOf(field, schema));
    return doc.text === '' ? line : code`${doc}\n${line}`;
  });
}

/** The field's own doc, facts that its TypeScript type does not express, and whether it is about a person. */
function docOf({ doc, type, pii }: AvroField, schema: AvroSchema): string | undefined {
  const target = schema.resolve(type);
  const logical = 'logical' in target ? target.logical : undefined;
  const notes = [
    doc?.trim(),
    logical?.name === 'decimal'
      ? `Decimal: ${logical.precision} digits, ${logical.scale} of them after the point.`
      : undefined,
    logical && !WITHOUT_UNIT.has(logical.name) ? `Avro ${logical.name}.` : undefined,
    pii ? 'Personal data.' : undefined,
  ].filter((note) => note !== undefined && note !== '');
  return notes.length === 0 ? undefined : notes.join(' ');
}

/** Logical types that get no note about their unit: a decimal has its own note, and a UUID and a `Date` need none. */
const WITHOUT_UNIT: ReadonlySet<AvroLogicalName> = new Set(['decimal', 'uuid', 'timestamp-millis']);
