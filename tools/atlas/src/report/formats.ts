/** The formats in which a command prints findings. They are apart from the code that prints, which is loaded later. */
export const formats = ['text', 'json', 'github-actions', 'junit', 'sarif'] as const;
export type Format = (typeof formats)[number];
