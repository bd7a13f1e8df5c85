import { createServer } from 'node:http';
import { once } from 'node:events';
import { SchemaRegistryClient } from '@confluentinc/schemaregistry/dist/schemaregistry-client.js';
import { AvroDeserializer, AvroSerializer } from '@confluentinc/schemaregistry/dist/serde/avro.js';
import { SerdeType } from '@confluentinc/schemaregistry/dist/serde/serde.js';

export interface ConfluentSerde {
  readonly encode: (data: unknown) => Promise<Buffer>;
  readonly decode: (body: Buffer) => Promise<unknown>;
}

/**
 * Confluent's own serializers with their real client. The client calls a registry once, for the event `sample`, and
 * then uses its caches. Their mock client would be too slow: it parses all its schemas again for each event.
 */
export async function confluentSerde(
  topic: string,
  schema: string,
  id: number,
  sample: unknown,
): Promise<ConfluentSerde> {
  const registry = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
    response.end(JSON.stringify({ subject: `${topic}-value`, version: 1, id, schema, schemaType: 'AVRO' }));
  });
  await once(registry.listen(0, '127.0.0.1'), 'listening');
  const address = registry.address();
  if (address === null || typeof address === 'string') throw new Error('the registry of the benchmark has no port');
  const client = SchemaRegistryClient.newClient({ baseURLs: [`http://127.0.0.1:${address.port}`] });
  const serializer = new AvroSerializer(client, SerdeType.VALUE, {
    autoRegisterSchemas: false,
    useLatestVersion: true,
  });
  const deserializer = new AvroDeserializer(client, SerdeType.VALUE, {});
  try {
    await deserializer.deserialize(topic, await serializer.serialize(topic, sample));
  } finally {
    // From here on, everything that is not cached fails.
    registry.close();
    registry.closeAllConnections();
  }
  return {
    encode: (data) => serializer.serialize(topic, data),
    decode: (body) => deserializer.deserialize(topic, body),
  };
}
