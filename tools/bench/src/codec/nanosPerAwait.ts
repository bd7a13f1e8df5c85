/** `nanosPerCall` for what answers with a promise: each is awaited before the next is asked for, as a caller would. */
export async function nanosPerAwait(call: () => Promise<unknown>, milliseconds = 100): Promise<number> {
  let calls = 0;
  const started = process.hrtime.bigint();
  for (;;) {
    for (let i = 0; i < 64; i++) await call();
    calls += 64;
    const passed = Number(process.hrtime.bigint() - started);
    if (passed > milliseconds * 1e6) return passed / calls;
  }
}
