/** `working` while it goes on, `up` once it runs, `down` once it is stopped, `failed` for good. */
export type Phase = 'working' | 'up' | 'down' | 'failed';

/** Where a lifecycle command says how each part is getting on. */
export type Report = (part: string, phase: Phase, text: string) => void;

export const silent: Report = () => undefined;
