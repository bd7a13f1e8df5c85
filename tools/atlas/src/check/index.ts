export { check } from './check.ts';
export { checkOfficial } from './official.ts';
