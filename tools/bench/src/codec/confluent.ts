import { SchemaRegistryClient } from '@confluentinc/schemaregistry/dist/schemaregistry-client.js';
import { AvroDeserializer, AvroSerializer } from '@confluentinc/schemaregistry/dist/serde/avro.js';
import { SerdeType } from '@confluentinc/schemaregistry/dist/serde/serde.js';

export interface ConfluentSerde {
  readonly encode: (data: unknown) => Promise<Buffer>;
  readonly decode: (body: Buffer) => Promise<unknown>;
}

/** Confluent's own serializers over their client without a network, warm: the schema is known and cached. */
export async function confluentSerde(topic: string, schema: string): Promise<ConfluentSerde> {
  const client = SchemaRegistryClient.newClient({ baseURLs: ['mock://bench'] });
  await client.register(`${topic}-value`, { schema, schemaType: 'AVRO' }, false);
  const serializer = new AvroSerializer(client, SerdeType.VALUE, {
    autoRegisterSchemas: false,
    useLatestVersion: true,
  });
  const deserializer = new AvroDeserializer(client, SerdeType.VALUE, {});
  return {
    encode: (data) => serializer.serialize(topic, data),
    decode: (body) => deserializer.deserialize(topic, body),
  };
}
