import { relative } from 'node:path';
import type { PartStatus } from '../lifecycle/status.ts';
import { table } from './table.ts';

export function statusTable(statuses: readonly PartStatus[]): string {
  const rows = statuses.map(({ part, state, pid, address, log }) => [
    part,
    state,
    pid === undefined ? '-' : String(pid),
    address ?? '-',
    shorter(relative(process.cwd(), log), log),
  ]);
  return table([['PART', 'STATE', 'PID', 'ADDRESS', 'LOG'], ...rows]);
}

function shorter(one: string, other: string): string {
  return one.length < other.length ? one : other;
}
