import { contract } from '@atlas/generated-orders';
import avsc from 'avsc';
import { confluentSerde } from '../codec/confluent.ts';
import { orderPlacedEvent } from '../codec/event.ts';
import { interleave, nanosPerAwait, nanosPerCall } from '../measure.ts';
import { NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 15;
const FRAME = 5;
const SCHEMA_ID = 7;

/**
 * A generated codec against Confluent's serializers, avsc alone and JSON. All are warm and handle one event at a time.
 */
export const codecRow: Row = {
  id: 'codec',
  about: 'Avro encode and decode, against AvroSerializer and AvroDeserializer, avsc and JSON',
  run: async (measuring) => {
    const message = contract.messages.find(({ name }) => name === 'OrderPlaced');
    if (!message) throw new NotMeasurable('there is no message OrderPlaced any more');
    const { ours, numbers } = orderPlacedEvent();
    const { codec } = message;
    const confluent = await confluentSerde(message.topic, message.schema, SCHEMA_ID, numbers);
    const type = avsc.Type.forSchema(JSON.parse(message.schema));
    const body = Buffer.from(codec.encode(ours));
    const framed = framedBody(SCHEMA_ID, body);
    if (Buffer.compare(framedBody(SCHEMA_ID, type.toBuffer(numbers)), framed) !== 0)
      throw new NotMeasurable('avsc encodes the same event differently');
    if (Buffer.compare(await confluent.encode(numbers), framed) !== 0)
      throw new NotMeasurable('AvroSerializer encodes the same event differently');
    const json = Buffer.from(JSON.stringify(numbers));
    const ids = new Map([[message.subject, SCHEMA_ID]]);
    const decoders = new Map([[SCHEMA_ID, (bytes: Buffer): unknown => codec.decode(bytes)]]);
    const peers = new Map([[SCHEMA_ID, (bytes: Buffer): unknown => type.fromBuffer(bytes)]]);
    const idOf = (): number => ids.get(message.subject) ?? 0;

    const encode = await interleave(
      { name: 'generated codec', run: () => nanosPerCall(() => framedBody(idOf(), codec.encode(ours))) },
      [
        { name: 'AvroSerializer', run: () => nanosPerAwait(() => confluent.encode(numbers)) },
        { name: 'avsc', run: () => nanosPerCall(() => framedBody(idOf(), type.toBuffer(numbers))) },
        { name: 'JSON', run: () => nanosPerCall(() => Buffer.from(JSON.stringify(numbers))) },
      ],
      { rounds: ROUNDS, warmup: 2, beforeRound: measuring('Avro encode') },
    );
    const decode = await interleave(
      { name: 'generated codec', run: () => nanosPerCall(() => unframed(framed, decoders)) },
      [
        { name: 'AvroDeserializer', run: () => nanosPerAwait(() => confluent.decode(framed)) },
        { name: 'avsc', run: () => nanosPerCall(() => unframed(framed, peers)) },
        { name: 'JSON', run: () => nanosPerCall((): unknown => JSON.parse(json.toString())) },
      ],
      { rounds: ROUNDS, warmup: 2, beforeRound: measuring('Avro decode') },
    );
    const size = `an event of 5 lines, ${body.length} bytes (${json.length} as JSON), schema cached and looked up`;
    return [
      {
        title: 'Avro encode',
        unit: 'ns',
        comparison: encode,
        note: `${size}, Avro in Confluent's frame; ours takes longs as bigint and checks each value, including UUIDs; the peers take longs as doubles`,
      },
      {
        title: 'Avro decode',
        unit: 'ns',
        comparison: decode,
        note: `${size}, Avro in Confluent's frame; ours gives longs as bigint and refuses invalid UTF-8 and UUIDs, the peers give longs as doubles`,
      },
    ];
  },
};

/** The body in the frame that the relay adds: a zero byte, then the id of the schema. */
function framedBody(id: number, body: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(FRAME + body.length);
  framed[0] = 0;
  framed.writeInt32BE(id, 1);
  framed.set(body, FRAME);
  return framed;
}

/** Reads the frame, finds the decoder and decodes, as a consumer does. */
function unframed(framed: Buffer, decoders: ReadonlyMap<number, (bytes: Buffer) => unknown>): unknown {
  const decode = framed[0] === 0 ? decoders.get(framed.readInt32BE(1)) : undefined;
  if (!decode) throw new Error('no decoder for this frame');
  return decode(framed.subarray(FRAME));
}
