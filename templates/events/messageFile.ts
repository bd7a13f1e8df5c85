import {
  code,
  comment,
  ident,
  join,
  lit,
  propertyKey,
  type AvroField,
  type AvroRecord,
  type Code,
  type Message,
  type Service,
} from '@atlas/ir';
import { namedTypes, Shape, type NamedType } from './avroShape.ts';
import { eventName } from '../names.ts';
import { contractName, nameOf, typeNames } from './names.ts';
import { keyFunction } from './keyFunction.ts';
import { typeOf } from './typeOf.ts';

/** events/<Message>.ts: the payload's types, the event as handlers return it, and the message as data. */
export function messageFile(_service: Service, message: Message): Code {
  const shape = new Shape(message.avro);
  const names = typeNames(message);
  const name = ident(message.name);
  return code`
    import type { Event, MessageContract } from '@atlas/runtime';
    import { codec, schema } from ${lit(`./${message.name}.codec.ts`)};

    ${join(
      namedTypes(message.avro).flatMap((type) => declaration(type, message, shape, names) ?? []),
      '\n\n',
    )}

    /** ${name} as a handler returns it. */
    export type ${eventName(message.name)} = Event<${lit(message.name)}, ${name}>;

    export const ${contractName(message)}: MessageContract<${name}> = {
      name: ${lit(message.name)},
      type: ${lit(message.recordName)},
      topic: ${lit(message.topic)},
      subject: ${lit(message.subject)},
      schema,
      fingerprint: ${lit(message.fingerprint)},
      ${message.key && code`key: ${keyFunction(message.key, shape)},`}
      codec,
    };
  `;
}

function declaration(
  type: NamedType,
  message: Message,
  shape: Shape,
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
    ${comment(type.doc ?? (type === message.avro ? message.summary : undefined))}
    export interface ${name} {
      ${fieldLines(type, shape, names)}
    }
  `;
}

function fieldLines({ fields }: AvroRecord, shape: Shape, names: ReadonlyMap<string, string>): readonly Code[] {
  return fields.map((field) => {
    const line = code`readonly ${propertyKey(field.name)}: ${typeOf(field.type, shape, names)};`;
    const doc = comment(docOf(field, shape));
    return doc.text === '' ? line : code`${doc}\n${line}`;
  });
}

/** The field's own words, what its TypeScript type does not say, and whether it is about a person. */
function docOf({ doc, type, pii }: AvroField, shape: Shape): string | undefined {
  const target = shape.resolve(type);
  const logical = 'logical' in target ? target.logical : undefined;
  const notes = [
    doc?.trim(),
    logical?.name === 'decimal'
      ? `Decimal: ${logical.precision} digits, ${logical.scale} of them after the point.`
      : undefined,
    logical && logical.name !== 'decimal' && UNITS.has(logical.name) ? `Avro ${logical.name}.` : undefined,
    pii ? 'Personal data.' : undefined,
  ].filter((note) => note !== undefined && note !== '');
  return notes.length === 0 ? undefined : notes.join(' ');
}

/** Logical types whose unit the TypeScript type does not tell. */
const UNITS: ReadonlySet<string> = new Set([
  'date',
  'time-millis',
  'time-micros',
  'timestamp-micros',
  'timestamp-nanos',
  'local-timestamp-millis',
  'local-timestamp-micros',
  'local-timestamp-nanos',
]);
