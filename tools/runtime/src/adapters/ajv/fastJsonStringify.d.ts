/** The package types its compiler only, and that is not to be loaded when a service runs. */
declare module 'fast-json-stringify/lib/serializer.js' {
  export default class Serializer {
    constructor(options: { readonly mode: 'standalone' });
    asString(text: string): string;
    asInteger(value: number | bigint): string;
    asNumber(value: number): string;
  }
}
