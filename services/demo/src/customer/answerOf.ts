/** What a generated client resolves to. */
interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The answer of a call that has to work. Throws the problem (RFC 9457) of one that did not. */
export async function answerOf<Data>(
  call: Promise<Answer<Data>>,
): Promise<{ readonly data: NonNullable<Data>; readonly response: Response }> {
  const { data, error, response } = await call;
  if (response.ok && data !== undefined && data !== null) return { data, response };
  const where = `${response.status} from ${new URL(response.url).pathname}`;
  throw new Error(`${where}: ${typeof error === 'object' ? JSON.stringify(error) : String(error)}`);
}
