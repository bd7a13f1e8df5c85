import { contract } from '@atlas/generated-orders';
import avsc from 'avsc';
import { confluentSerde } from '../codec/confluent.ts';
import { orderPlacedEvent } from '../codec/event.ts';
import { nanosPerAwait } from '../codec/nanosPerAwait.ts';
import { interleave, nanosPerCall } from '../measure.ts';
import { NotMeasurable, type Row } from '../row.ts';

const ROUNDS = 15;
const FRAME = 5;

/** A generated codec against Confluent's serializers, avsc alone and JSON; all warm, one event after the other. */
export const codecRow: Row = {
  id: 'codec',
  run: async () => {
    const message = contract.messages.find(({ name }) => name === 'OrderPlaced');
    if (!message) throw new NotMeasurable('there is no message OrderPlaced any more');
    const { ours, numbers } = orderPlacedEvent();
    const { codec } = message;
    const confluent = await confluentSerde(message.topic, message.schema);
    const type = avsc.Type.forSchema(JSON.parse(message.schema));
    const body = Buffer.from(codec.encode(ours));
    const framed = framedBody(body);
    if (Buffer.compare(type.toBuffer(numbers), body) !== 0)
      throw new NotMeasurable('avsc writes other bytes for the same event');
    const json = Buffer.from(JSON.stringify(numbers));

    const encode = await interleave(
      { name: 'generated codec', run: () => nanosPerCall(() => framedBody(codec.encode(ours))) },
      [
        { name: 'AvroSerializer', run: () => nanosPerAwait(() => confluent.encode(numbers)) },
        { name: 'avsc', run: () => nanosPerCall(() => framedBody(type.toBuffer(numbers))) },
        { name: 'JSON', run: () => nanosPerCall(() => Buffer.from(JSON.stringify(numbers))) },
      ],
      ROUNDS,
      2,
    );
    const decode = await interleave(
      { name: 'generated codec', run: () => nanosPerCall(() => codec.decode(framed.subarray(FRAME))) },
      [
        { name: 'AvroDeserializer', run: () => nanosPerAwait(() => confluent.decode(framed)) },
        { name: 'avsc', run: () => nanosPerCall((): unknown => type.fromBuffer(framed.subarray(FRAME))) },
        { name: 'JSON', run: () => nanosPerCall((): unknown => JSON.parse(json.toString())) },
      ],
      ROUNDS,
      2,
    );
    const size = `an event of 5 lines, ${body.length} bytes (${json.length} as JSON), schema cached`;
    return [
      {
        title: 'Avro encode',
        unit: 'ns',
        comparison: encode,
        note: `${size}, Avro in Confluent's frame; ours takes longs as bigint and checks each value, UUIDs too, the peers take longs as doubles`,
      },
      {
        title: 'Avro decode',
        unit: 'ns',
        comparison: decode,
        note: `${size}, Avro in Confluent's frame; ours gives longs as bigint and refuses what is no UTF-8 or no UUID, the peers give longs as doubles`,
      },
    ];
  },
};

/** The frame that the relay puts on when it sends: zero, then the schema's id. */
function framedBody(body: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(FRAME + body.length);
  framed[0] = 0;
  framed.writeInt32BE(1, 1);
  framed.set(body, FRAME);
  return framed;
}
