import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isRecord, parseJson, writeSecret } from './json.ts';
import type { Layout } from './layout.ts';

/** What a stack remembers between runs: the ports that it chose and the passwords that it made. Never logged. */
export interface StackState {
  readonly ports: Record<string, number>;
  readonly secrets: Record<string, string>;
  /** The folder with the data of Postgres, if it is not below the state folder. */
  postgresHome?: string;
  /**
   * Every service that the stack has ever had. A role or a broker user stays even if its spec is missing for a moment.
   */
  services: readonly string[];
}

export function readState(layout: Layout): StackState | undefined {
  if (!existsSync(layout.stateFile)) return undefined;
  const value = parseJson(readFileSync(layout.stateFile, 'utf8'));
  if (!isRecord(value)) return undefined;
  const home = value['postgresHome'];
  return {
    ports: entriesOf(value['ports'], (port) => typeof port === 'number'),
    secrets: entriesOf(value['secrets'], (secret) => typeof secret === 'string'),
    services: Array.isArray(value['services']) ? value['services'].filter((name) => typeof name === 'string') : [],
    ...(typeof home === 'string' ? { postgresHome: home } : {}),
  };
}

export function emptyState(): StackState {
  return { ports: {}, secrets: {}, services: [] };
}

export function saveState(layout: Layout, state: StackState): void {
  writeSecret(layout.stateFile, `${JSON.stringify(state, null, 2)}\n`);
}

/** The password of that name, made at its first use: 144 random bits, which URLs and JAAS strings need not escape. */
export function secret(state: StackState, name: string): string {
  const known = state.secrets[name];
  if (known !== undefined) return known;
  const fresh = randomBytes(18).toString('base64url');
  state.secrets[name] = fresh;
  return fresh;
}

function entriesOf<T>(value: unknown, is: (entry: unknown) => entry is T): Record<string, T> {
  const entries: Record<string, T> = {};
  for (const [key, entry] of Object.entries(isRecord(value) ? value : {})) if (is(entry)) entries[key] = entry;
  return entries;
}
