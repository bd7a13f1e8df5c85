import { html, type Html, type Part } from '@atlas/runtime/html';
import { sentence } from './format.ts';
import { hrefOf, type QueryOf, type QueryValue, type ReportId } from './report.ts';

export interface Column<Row> {
  readonly head: Part;
  readonly cell: (row: Row) => Part;
  /** `num` for figures, `text` for sentences, `name` for a few words. The first column is the head of its row. */
  readonly kind?: 'num' | 'text' | 'name';
}

/** A table that scrolls within itself, by keyboard too. `id` is unique on its page. */
export function table<Row>(
  { id, caption, rowId }: { readonly id: string; readonly caption: Part; readonly rowId?: (row: Row) => string },
  columns: readonly (Column<Row> | false)[],
  rows: readonly Row[],
): Html {
  const shown = columns.filter((column) => column !== false);
  return html`<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
    <table>
      <caption id="${id}">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${shown.map(({ head, kind }) => html`<th scope="col" ${kind && html`class="${kind}"`}>${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr ${rowId && html`id="${rowId(row)}"`}>
              ${shown.map((column, at) => cellOf(column, row, at === 0))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cellOf<Row>({ cell, kind }: Column<Row>, row: Row, isHead: boolean): Html {
  const className = kind && html`class="${kind}"`;
  return isHead ? html`<th scope="row" ${className}>${cell(row)}</th>` : html`<td ${className}>${cell(row)}</td>`;
}

/** The text in place of an empty report: what would be here. */
export function nothing(text: Part): Html {
  return html`<div class="none"><p>${text}</p></div>`;
}

export interface Filter<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  readonly hint?: string;
  readonly kind:
    | { readonly input: 'text'; readonly maxLength: number; readonly placeholder?: string }
    | { readonly input: 'date' }
    | { readonly input: 'number' }
    | { readonly input: 'checkbox' }
    | { readonly input: 'select'; readonly options: readonly (readonly [value: string, text: string])[] };
}

/** The names of a report's filters: the members of its query except those for `pager` and `freshness`. */
export type FilterName<Id extends ReportId> = Exclude<keyof QueryOf<Id> & string, 'cursor' | 'limit' | 'minVersion'>;

/** A form with more fields than this is closed until one of them is used, so that the report itself is visible. */
const MOST_OPEN = 3;

/** A form that loads the report again. An empty field counts as absent, as `allowEmptyValue` of the contract says. */
export function filters<Id extends ReportId>(
  id: Id,
  query: Readonly<Record<string, QueryValue>>,
  fields: readonly Filter<FilterName<Id>>[],
  /** The values that the report used for parameters that the query leaves out. */
  chosen: Readonly<Record<string, QueryValue>> = {},
): Html {
  const used = fields.filter(({ name, kind }) => isUsed(kind, query[name])).length;
  const isOpen = fields.length <= MOST_OPEN || used > 0;
  return html`<details class="filters" ${isOpen && html`open`}>
    <summary>Filters${used > 0 && ` (${used} in use)`}</summary>
    <form method="get" action="${hrefOf(id)}" role="search" aria-label="Filters">
      <div class="fields">${fields.map((field) => fieldOf(field, query[field.name] ?? chosen[field.name]))}</div>
      <div class="act"><button type="submit">Show</button> <a href="${hrefOf(id)}">Clear all filters</a></div>
    </form>
  </details>`;
}

/** The first option of a select is the contract's default. */
function isUsed(kind: Filter['kind'], value: QueryValue): boolean {
  if (value === undefined || value === false) return false;
  return kind.input !== 'select' || value !== kind.options[0]?.[0];
}

function fieldOf({ name, label, hint, kind }: Filter, value: QueryValue): Html {
  const id = `f-${name.replace(/\W/g, '-')}`;
  const about = hint !== undefined && html`aria-describedby="${id}-hint"`;
  const same = html`id="${id}" name="${name}" ${about}`;
  const text = value === undefined ? '' : String(value);
  if (kind.input === 'checkbox') {
    return html`<div class="tick">
      <input type="checkbox" ${same} value="true" ${value === true && html`checked`} />
      <label for="${id}">${label}</label>
    </div>`;
  }
  return html`<div>
    <label for="${id}">${label}</label> ${controlOf(kind, same, text)}
    ${hint !== undefined && html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`;
}

function controlOf(kind: Exclude<Filter['kind'], { readonly input: 'checkbox' }>, same: Html, value: string): Html {
  switch (kind.input) {
    case 'text':
      return html`<input
        type="text"
        ${same}
        value="${value}"
        maxlength="${kind.maxLength}"
        autocomplete="off"
        spellcheck="false"
        ${kind.placeholder !== undefined && html`placeholder="${kind.placeholder}"`}
      />`;
    case 'date':
      return html`<input type="date" ${same} value="${value}" />`;
    case 'number':
      return html`<input type="number" ${same} value="${value}" min="0" step="1" inputmode="numeric" />`;
    case 'select':
      return html`<select ${same}>
        ${kind.options.map(
          ([option, text]) => html`<option value="${option}" ${option === value && html`selected`}>${text}</option>`,
        )}
      </select>`;
  }
}

/** Options of a select: any, then each value as words. */
export function anyOf(values: readonly string[]): readonly (readonly [string, string])[] {
  return [['', 'Any'], ...values.map((value): [string, string] => [value, sentence(value)])];
}

/** Links to the first and the next part of a list. `next` is the cursor of the next part. */
export function pager(id: ReportId, query: Readonly<Record<string, QueryValue>>, next: string | undefined): Html {
  const { cursor, minVersion: _, ...same } = query;
  return html`<p class="act">
    ${
      next !== undefined &&
      html`<a class="more" rel="next" href="${hrefOf(id, { ...same, cursor: next })}">Next page</a>`
    }
    ${cursor !== undefined && html`<a href="${hrefOf(id, same)}">Back to the first page</a>`}
  </p>`;
}
