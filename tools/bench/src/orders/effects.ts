import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** When events of a consumer took effect, in milliseconds from the start of the command that caused them. */
export interface Effects {
  /** The times since the last call, at least `count`. Undefined if they do not come in time. */
  next(count: number): Promise<readonly number[] | undefined>;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 100;

/**
 * Reads the log of a service, which has a line per consumed event, written after the commit. The id of an event is a
 * UUIDv7 (RFC 9562) of the instant at which its command began.
 */
export function effectsIn(log: string, consumer: string): Effects {
  let from = 0;
  const readOn = async (): Promise<readonly number[]> => {
    const { size } = await stat(log);
    const found: number[] = [];
    const lines = createInterface({ input: createReadStream(log, { start: from, end: Math.max(from, size - 1) }) });
    let read = from;
    for await (const line of lines) {
      const next = read + Buffer.byteLength(line) + 1;
      // the last line may not be complete yet
      if (next > size) break;
      read = next;
      const latency = latencyIn(line, consumer);
      if (latency !== undefined) found.push(latency);
    }
    from = read;
    return found;
  };
  return {
    next: async (count) => {
      const found: number[] = [];
      for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
        found.push(...(await readOn()));
        if (found.length >= count) return found;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      return undefined;
    },
  };
}

function latencyIn(line: string, consumer: string): number | undefined {
  if (!line.includes('"consumed"') || !line.includes(`"${consumer}"`)) return undefined;
  const fields: unknown = JSON.parse(line);
  if (typeof fields !== 'object' || fields === null || !('time' in fields) || !('eventId' in fields)) return undefined;
  const began = Number.parseInt(String(fields.eventId).replaceAll('-', '').slice(0, 12), 16);
  return Date.parse(String(fields.time)) - began;
}
