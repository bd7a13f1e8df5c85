/** The names that every object inherits, such as `constructor` and `toString`. */
export const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));
