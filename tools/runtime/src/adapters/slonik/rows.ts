/** Says what a statement's rows are. slonik without interceptors never asks a parser, so this is a name for the compiler alone. */
export interface Rows<Row> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'atlas';
    readonly types?: { readonly input: Row; readonly output: Row };
    readonly validate: () => { readonly issues: readonly { readonly message: string }[] };
  };
}

const STANDARD = {
  version: 1,
  vendor: 'atlas',
  validate: () => ({ issues: [{ message: 'rows of own statements are not parsed' }] }),
} as const;

/**
 * For `sql.prepared(name, rows<Row>())`: what the statement gives, as the migrations declare its columns. int8 comes as
 * bigint, timestamptz as Date, uuid as string, NULL as null.
 */
export function rows<Row>(): Rows<Row> {
  return { '~standard': STANDARD };
}
