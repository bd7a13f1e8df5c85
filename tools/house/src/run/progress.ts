import { styleText } from 'node:util';

/** When each step that runs now was started. */
const running = new Map<string, number>();
let timer: NodeJS.Timeout | undefined;

/**
 * Says on stdout which steps run. A terminal shows one line that is rewritten every second. Elsewhere, such as in a CI
 * log, a line is printed every 30 seconds, so that a long step does not look like a hung one.
 */
export function startProgress(name: string, out: NodeJS.WriteStream = process.stdout): () => void {
  const tty = out.isTTY;
  const say = (): void => {
    const now = performance.now();
    const texts = Array.from(running, ([step, started]) => `${step} ${Math.round((now - started) / 1000)} s`);
    out.write(tty ? `\r\u001b[K… ${texts.join(', ')}` : `… still running: ${texts.join(', ')}\n`);
  };
  running.set(name, performance.now());
  if (tty) say();
  timer ??= setInterval(say, tty ? 1000 : 30_000);
  return () => {
    running.delete(name);
    if (tty) out.write('\r\u001b[K');
    if (running.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export function resultLine(name: string, ok: boolean, seconds: number, detail: string): string {
  const mark = ok ? styleText('green', '✓') : styleText('red', '✗');
  const time = seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0);
  return `${mark} ${name.padEnd(22)} ${time.padStart(5)} s  ${detail}`;
}
