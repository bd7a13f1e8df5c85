import { isRecord, parseJson } from '../json.ts';

export interface Listening {
  /** REST, /docs, /openapi.json. */
  readonly url: string;
  /** /health/live, /health/ready, /metrics. */
  readonly adminUrl: string;
}

/** Reads the line of a service's log that says where it listens. Undefined for any other line. */
export function listeningOf(line: string): Listening | undefined {
  const entry = line.includes('"listening"') ? parseJson(line) : undefined;
  if (!isRecord(entry) || entry['msg'] !== 'listening') return undefined;
  const { url, adminUrl } = entry;
  return typeof url === 'string' && typeof adminUrl === 'string' ? { url, adminUrl } : undefined;
}
