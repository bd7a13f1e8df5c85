import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';

/** A rule of a file for Prometheus. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The rules of all groups. */
export function rulesIn(text: string): readonly AlertRule[] {
  // cast: the tests check each member of a rule
  const { groups } = parse(text) as { readonly groups: readonly { readonly rules: readonly AlertRule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** A use of a metric in an expression. */
export interface Used {
  readonly metric: string;
  /** The labels that select and group its series. */
  readonly labels: readonly string[];
  /** The function over its values in time, such as `increase`. */
  readonly over: string | undefined;
}

/** The metrics of a PromQL expression. Throws `SyntaxError` if it is not one. */
export function usedIn(expr: string): readonly Used[] {
  const used: Used[] = [];
  const groupings: { readonly end: number; readonly labels: string[] }[] = [];
  const calls: { readonly end: number; readonly name: string }[] = [];
  let matrixEnd = 0;
  const textOf = ({ from, to }: { readonly from: number; readonly to: number }): string => expr.slice(from, to);
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) throw new SyntaxError(`"${expr}" is not PromQL at ${node.from}`);
      const within = <T extends { readonly end: number }>(open: readonly T[]): T | undefined =>
        open.findLast(({ end }) => node.from < end);
      switch (node.name) {
        case 'AggregateExpr':
          groupings.push({ end: node.to, labels: [] });
          break;
        case 'FunctionCall':
          calls.push({ end: node.to, name: expr.slice(node.from, expr.indexOf('(', node.from)).trim() });
          break;
        case 'MatrixSelector':
          matrixEnd = node.to;
          break;
        case 'VectorSelector': {
          const labels = [...(within(groupings)?.labels ?? [])];
          used.push({ metric: '', labels, over: node.from < matrixEnd ? within(calls)?.name : undefined });
          break;
        }
        case 'Identifier':
          replaceLast(used, { metric: textOf(node) });
          break;
        case 'LabelName': {
          const isMatcher = node.node.parent?.name !== 'GroupingLabels';
          if (isMatcher) replaceLast(used, { labels: [...(used.at(-1)?.labels ?? []), textOf(node)] });
          else within(groupings)?.labels.push(textOf(node));
          break;
        }
      }
    },
  });
  return used;
}

function replaceLast(used: Used[], change: Partial<Used>): void {
  const last = used.pop();
  if (last !== undefined) used.push({ ...last, ...change });
}
