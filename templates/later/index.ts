export { laterFiles, type LaterFile } from './laterFiles.ts';
