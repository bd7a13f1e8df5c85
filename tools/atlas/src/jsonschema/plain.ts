/** A JSON object that is being worked on. */
export type PlainObject = { [key: string]: unknown };

export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy with every member of every object passed through `member`. */
export function mapObject(
  value: PlainObject,
  member: (key: string, value: unknown) => readonly [string, unknown],
): PlainObject {
  const map = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(map);
    return isObject(item) ? mapObject(item, member) : item;
  };
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      const [name, content] = member(key, child);
      return [name, map(content)];
    }),
  );
}
