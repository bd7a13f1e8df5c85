import { programsOf } from '@atlas/stack';

/** The services that run, in the order of `specs/atlas.config.yaml`. */
export const SERVICES: readonly string[] = programsOf().map(({ name }) => name);
