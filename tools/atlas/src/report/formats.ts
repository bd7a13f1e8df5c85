/** In which a command prints findings. The command line names them; what prints them is loaded later. */
export const formats = ['text', 'json', 'github-actions', 'junit', 'sarif'] as const;
export type Format = (typeof formats)[number];
