/**
 * A cluster id in Kafka's form: the first 16 bytes of a secret in base64url. Like Kafka's own ids, it never begins with
 * `-`, because `kafka-storage format` would take it for an option.
 */
export function clusterIdOf(secret: string): string {
  return Buffer.from(secret, 'base64url').subarray(0, 16).toString('base64url').replace(/^-/, 'A');
}
