/** In which a command prints findings. The command line names them, and loads what prints them only if there are any. */
export const formats = ['text', 'json', 'github-actions', 'junit', 'sarif'] as const;
export type Format = (typeof formats)[number];
