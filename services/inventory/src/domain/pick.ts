export interface LineQuantity {
  readonly lineId: string;
  /** Above zero. */
  readonly qty: bigint;
}

interface Problem<Code extends string> {
  readonly code: Code;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The answer of a handler if the domain refuses. */
export interface Refusal<Status extends number, Code extends string> {
  readonly ok: false;
  readonly status: Status;
  readonly problem: Problem<Code>;
}

export type Picked<Line> = Line & { readonly taken: bigint };

interface Limit<Line, TooMuch extends string, Unfit extends string> {
  /** How much of a line can still be taken. */
  readonly left: (line: Line) => bigint;
  readonly tooMuch: { readonly code: TooMuch; readonly what: string };
  /** Why a line cannot be taken at all. */
  readonly unfit?: (line: Line) => { readonly code: Unfit; readonly detail: string } | undefined;
}

/** The lines that a request names, each once and with no more than is left of it. Refuses the first wrong one. */
export function pick<Line extends { readonly lineId: string }, TooMuch extends string, Unfit extends string = never>(
  lines: readonly Line[],
  wanted: readonly LineQuantity[],
  { left, tooMuch, unfit }: Limit<Line, TooMuch, Unfit>,
):
  | { readonly ok: true; readonly picked: readonly Picked<Line>[] }
  | Refusal<409, TooMuch>
  | Refusal<422, 'line-unknown' | 'line-repeated' | Unfit> {
  const picked: Picked<Line>[] = [];
  for (const [index, { lineId, qty }] of wanted.entries()) {
    const pointer = `/lines/${index}/lineId`;
    const line = lines.find((one) => one.lineId === lineId);
    if (!line) return invalid('line-unknown', pointer, `there is no line ${lineId}`);
    if (picked.some((one) => one.lineId === lineId)) {
      return invalid('line-repeated', pointer, `line ${lineId} is named twice`);
    }
    const reason = unfit?.(line);
    if (reason) return invalid(reason.code, pointer, reason.detail);
    if (qty > left(line)) {
      const detail = `line ${lineId} has ${left(line)} ${tooMuch.what}, which is less than ${qty}`;
      const errors = [{ pointer: `/lines/${index}/qty`, detail }];
      return { ok: false, status: 409, problem: { code: tooMuch.code, detail, errors } };
    }
    picked.push({ ...line, taken: qty });
  }
  return { ok: true, picked };
}

function invalid<Code extends string>(code: Code, pointer: string, detail: string): Refusal<422, Code> {
  return { ok: false, status: 422, problem: { code, detail, errors: [{ pointer, detail }] } };
}

/** What was taken from each line. */
export function takenOf(picked: readonly Picked<{ readonly lineId: string }>[], lineId: string): bigint {
  return picked.find((line) => line.lineId === lineId)?.taken ?? 0n;
}
