/** Names of an operation's compiled parts: the members of compiled/validators.js and compiled/serializers.js. */
export const partName = {
  params: (operation: string): string => `${operation}Params`,
  body: (operation: string): string => `${operation}Body`,
  response: (operation: string, status: number): string => `${operation}${status}`,
  headers: (operation: string, status: number): string => `${operation}${status}Headers`,
};
