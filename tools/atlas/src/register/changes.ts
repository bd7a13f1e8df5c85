import { count } from '../diagnostics/shown.ts';
import type { Level } from './registry.ts';

/** One thing that was changed, or would be. The JSON format prints these as they are. */
export type Change =
  | { readonly kind: 'level'; readonly subject: string; readonly level: Level; readonly was?: Level }
  | {
      readonly kind: 'schema';
      readonly subject: string;
      readonly record: string;
      /** The id that the registry gave; absent in a dry run. */
      readonly id?: number;
      /** Absent for the first version of a subject, because nobody reads that yet. */
      readonly deploy?: 'any-order' | 'readers-first';
      /** Versions whose readers must be replaced before writers are deployed. */
      readonly replace: readonly number[];
      /** Handlers of the specs that read the message, as `onBookingMade of seats`. */
      readonly readers: readonly string[];
    }
  | {
      readonly kind: 'topic';
      readonly topic: string;
      readonly partitions: number;
      readonly replicas: number;
      readonly config: Readonly<Record<string, string>>;
    };

/** A change as one line for people. */
export function lineOf(change: Change, dryRun: boolean): string {
  const done = (verb: string): string => (dryRun ? `would be ${verb}` : verb);
  switch (change.kind) {
    case 'level':
      return `subject ${change.subject} ${done('set')} to ${change.level}${change.was === undefined ? '' : `, was ${change.was}`}`;
    case 'schema': {
      const { record, subject, id } = change;
      return `schema ${record} ${done('registered')} as ${subject}${order(change)}${id === undefined ? '' : `, id ${id}`}`;
    }
    case 'topic':
      return `topic ${change.topic} ${done('created')}, ${count(change.partitions, 'partition')}`;
  }
}

function order({ deploy, replace }: Extract<Change, { kind: 'schema' }>): string {
  if (deploy === undefined) return '';
  return deploy === 'any-order'
    ? ', readers and writers may be deployed in any order'
    : `, readers with version ${replace.join(', ')} must be replaced before writers are deployed`;
}
