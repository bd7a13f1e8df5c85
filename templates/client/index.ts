export { clientFile } from './clientFile.ts';
