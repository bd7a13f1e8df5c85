import { styleText } from 'node:util';

/**
 * Says on stdout which step runs. A terminal shows one line that is rewritten every second. Elsewhere, such as in a CI
 * log, a line is printed every 30 seconds, so that a long step does not look like a hung one.
 */
export function startProgress(name: string, out: NodeJS.WriteStream = process.stdout): () => void {
  const started = performance.now();
  const tty = out.isTTY;
  const say = (): void => {
    const seconds = Math.round((performance.now() - started) / 1000);
    out.write(tty ? `\r… ${name} ${seconds} s` : `… ${name} is still running after ${seconds} s\n`);
  };
  if (tty) say();
  const timer = setInterval(say, tty ? 1000 : 30_000);
  return () => {
    clearInterval(timer);
    if (tty) out.write('\r\u001b[K');
  };
}

export function resultLine(name: string, ok: boolean, seconds: number, detail: string): string {
  const mark = ok ? styleText('green', '✓') : styleText('red', '✗');
  const time = seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0);
  return `${mark} ${name.padEnd(22)} ${time.padStart(5)} s  ${detail}`;
}
