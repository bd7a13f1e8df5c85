/** A refusal that is about one value of the body. `pointer` is a JSON Pointer (RFC 6901) to it. */
export function refusal<Code extends string>(code: Code, pointer: string, detail: string) {
  return { status: 422, problem: { code, detail, errors: [{ pointer, detail }] } } as const;
}
