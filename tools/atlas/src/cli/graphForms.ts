/** What `--format` of graph may be; the first is the default. */
export const graphForms = ['mermaid', 'json'] as const;
