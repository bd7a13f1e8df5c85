import { styleText } from 'node:util';

/** What is told about a step that runs: nothing, or a text such as how many of its test files have ended. */
type Tell = () => string;

interface Running {
  readonly started: number;
  readonly tell: Tell;
}

const running = new Map<string, Running>();
let timer: NodeJS.Timeout | undefined;

/** Seconds between two lines where they are not rewritten: fewer lines in a long run. */
const between = (seconds: number): number => (seconds < 300 ? 30 : 60);

/**
 * Says on stdout which steps run, and what each tells about itself. A terminal shows one line that is rewritten every
 * second. Elsewhere, such as in a CI log, a line is printed every 30 seconds, and later every minute, so that a long
 * step does not look like a hung one.
 */
export function startProgress(
  name: string,
  tell: Tell = () => '',
  out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stdout,
): () => void {
  const tty = out.isTTY;
  const started = performance.now();
  const say = (): void => {
    const now = performance.now();
    const texts = Array.from(running, ([step, one]) =>
      [`${step} ${Math.round((now - one.started) / 1000)} s`, one.tell()].filter(Boolean).join(': '),
    );
    out.write(
      tty ? `\r\u001b[K${cut(`… ${texts.join('; ')}`, out.columns)}` : `… still running: ${texts.join('; ')}\n`,
    );
  };
  const later = (): void => {
    timer = setTimeout(
      () => {
        say();
        later();
      },
      tty ? 1000 : between((performance.now() - started) / 1000) * 1000,
    );
  };
  running.set(name, { started, tell });
  if (tty) say();
  if (timer === undefined) later();
  return () => {
    running.delete(name);
    if (tty) out.write('\r\u001b[K');
    if (running.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  };
}

/** A line that wraps cannot be rewritten. */
function cut(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}

export function resultLine(name: string, ok: boolean, seconds: number, detail: string): string {
  const mark = ok ? styleText('green', '✓') : styleText('red', '✗');
  const time = seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0);
  return `${mark} ${name.padEnd(22)} ${time.padStart(5)} s  ${detail}`;
}
