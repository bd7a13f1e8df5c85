import { isRecord, parseJson } from '../json.ts';

export interface Listening {
  /** The address of REST, /docs and /openapi.json. */
  readonly url: string;
  /** The address of /health/live, /health/ready and /metrics. */
  readonly adminUrl: string;
}

/** Reads the line of a service's log that says where it listens. Undefined for any other line. */
export function listeningOf(line: string): Listening | undefined {
  const entry = line.includes('"listening"') ? parseJson(line) : undefined;
  if (!isRecord(entry) || entry['msg'] !== 'listening') return undefined;
  const { url, adminUrl } = entry;
  return typeof url === 'string' && typeof adminUrl === 'string' ? { url, adminUrl } : undefined;
}
