/** A media type in lower case and without parameters (RFC 9110, section 8.3.1). */
export function bareType(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase();
}
