import { fileURLToPath } from 'node:url';
import { isRecord } from '../json.ts';

/**
 * A warning or an error of a service's log in one line, with its cause and the place in the service's own code.
 * Undefined for every other line.
 */
export function troubleOf(line: string): string | undefined {
  const entry = parsed(line);
  if (entry === undefined) return undefined;
  const { level, msg, err } = entry;
  if (level !== 'warn' && level !== 'error' && level !== 'fatal') return undefined;
  const cause = isRecord(err) && typeof err['message'] === 'string' ? `: ${err['message']}` : '';
  const place = isRecord(err) && typeof err['stack'] === 'string' ? placeIn(err['stack']) : undefined;
  const about = [entry['operation'], entry['status'], place].filter((part) => part !== undefined).join(', ');
  return `${level}: ${String(msg)}${cause}${about === '' ? '' : ` (${about})`}`;
}

/** The first place of a stack trace below `services`, such as `services/box-office/src/app/bookSeat.ts:14:9`. */
function placeIn(stack: string): string | undefined {
  const [, url, at] = /(file:\/\/\S+?\/services\/[^\s:]+)(:\d+:\d+)/.exec(stack) ?? [];
  return url === undefined ? undefined : `${fileURLToPath(url).replace(/^.*\/(?=services\/)/, '')}${at ?? ''}`;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    return isRecord(entry) ? entry : undefined;
  } catch {
    // a program that is killed leaves half of a line
    return undefined;
  }
}
