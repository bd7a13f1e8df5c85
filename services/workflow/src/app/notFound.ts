/** The answer to a request about something that does not exist. */
export function notFound<Thing extends 'approval' | 'delegation' | 'policy'>(thing: Thing, id: string) {
  return { status: 404, problem: { code: `${thing}-not-found`, detail: `there is no ${thing} ${id}` } } as const;
}
