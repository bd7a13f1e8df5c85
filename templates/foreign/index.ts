export { foreignClientFile } from './foreignClientFile.ts';
export { webhooksFile } from './webhooksFile.ts';
