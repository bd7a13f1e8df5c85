/** Why a command is refused, as HTTP answers it. */
export interface Refusal<Status extends number, Code extends string> {
  readonly ok: false;
  readonly status: Status;
  readonly problem: {
    readonly code: Code;
    readonly detail: string;
    /** What is wrong, with JSON Pointers (RFC 6901) into the body. */
    readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  };
}

export function refuse<Status extends number, Code extends string>(
  status: Status,
  code: Code,
  detail: string,
): Refusal<Status, Code> {
  return { ok: false, status, problem: { code, detail } };
}
