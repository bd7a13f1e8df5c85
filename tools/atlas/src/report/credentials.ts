/** User and password of a URL (RFC 3986, section 3.2.1), which some people write into their specs. */
const USER = /(?<=[a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'@]+(?:@[^\s/?#"'@]+)*(?=@)/gi;

/** Text without the credentials of URLs: as many asterisks instead, so that carets stay in their place. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(USER, (user) => '*'.repeat(user.length));
}
