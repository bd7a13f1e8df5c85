import type { Compared, Run } from './runs.ts';

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** The progress of a rebuild, in one line. */
export function progressLine({ state, events, eventsToRead, eventsPerSecond, remainingSeconds }: Run): string {
  const read = `${number.format(events)} of ${number.format(eventsToRead ?? events)} events`;
  const what = state === 'COMPARING' ? 'comparing' : 'reading';
  const rate = eventsPerSecond === null ? '' : `, ${number.format(eventsPerSecond)}/s`;
  const rest = remainingSeconds === null ? '' : `, ${number.format(Math.ceil(remainingSeconds))} s left`;
  return `${what}: ${read}${rate}${rest}`;
}

/** The result of a rebuild, for a person. */
export function reportOf({ state, startedAt, endedAt, events, failure, projections, notApplied }: Run): string {
  const seconds = startedAt && endedAt ? Math.max(0.001, (endedAt.getTime() - startedAt.getTime()) / 1_000) : undefined;
  const lines = (projections ?? []).flatMap(projectionLines);
  for (const { topic, partition, offset, reason } of notApplied ?? [])
    lines.push(`  not applied: ${topic}/${partition} at ${offset}: ${reason}`);
  const took = seconds === undefined ? '' : ` in ${seconds.toFixed(1)} s`;
  return [`${number.format(events)} events${took}`, ...lines, ENDS[state] ?? `it failed: ${failure ?? ''}`].join('\n');
}

const ENDS: Partial<Record<Run['state'], string>> = {
  SWAPPED: 'The new tables are in place.',
  DIFFERENT: `The old tables stay in use, because the new ones differ. The new ones stay in the schema rebuild until the next
rebuild. If the difference is wanted, such as after a mistake in a projection was corrected, rebuild with
--accept-difference.`,
};

function projectionLines({ name, rows, outcome, onlyBefore = 0, onlyNow = 0, changed = 0, examples = [] }: Compared) {
  const counted = `  ${name.padEnd(20)} ${number.format(rows).padStart(11)} rows  `;
  switch (outcome) {
    case 'SAME':
      return [`${counted}the same`];
    case 'NEW':
      return [`${counted}new, not compared`];
    case 'DIFFERENT':
      return [
        `${counted}DIFFERENT: ${onlyBefore} only before, ${onlyNow} only now, ${changed} changed`,
        ...examples.map((example) => `      ${example}`),
      ];
  }
}
