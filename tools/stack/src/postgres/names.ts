export interface DatabaseNames {
  readonly database: string;
  readonly owner: string;
  readonly app: string;
}

/** A service's database and its two roles. Service names have no underscore, so two services never share a name. */
export function namesOf(service: string): DatabaseNames {
  const database = service.replaceAll('-', '_');
  return { database, owner: `${database}_owner`, app: `${database}_app` };
}

/** An SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL string. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
