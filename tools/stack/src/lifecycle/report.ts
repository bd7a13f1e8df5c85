/**
 * `working` while something is being done, `up` once the part runs, `down` once it is stopped, `failed` if it failed.
 */
export type Phase = 'working' | 'up' | 'down' | 'failed';

/** Receives the progress of each part. */
export type Report = (part: string, phase: Phase, text: string) => void;

export const silent: Report = () => undefined;
