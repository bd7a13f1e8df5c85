/** The package has types for its compiler only, which a running service must not load. */
declare module 'fast-json-stringify/lib/serializer.js' {
  export default class Serializer {
    constructor(options: { readonly mode: 'standalone' });
    asString(text: string): string;
    asInteger(value: number | bigint): string;
    asNumber(value: number): string;
  }
}
