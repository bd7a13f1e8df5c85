/** The full name of a record schema (Avro 1.12, "Names"); undefined for what is no named record. */
export function recordName(schemaText: string): string | undefined {
  const schema: unknown = parsed(schemaText);
  if (typeof schema !== 'object' || schema === null || !('name' in schema) || typeof schema.name !== 'string') {
    return undefined;
  }
  if (schema.name.includes('.') || !('namespace' in schema)) return schema.name;
  return typeof schema.namespace === 'string' && schema.namespace !== ''
    ? `${schema.namespace}.${schema.name}`
    : schema.name;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
