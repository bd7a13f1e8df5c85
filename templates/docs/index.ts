export { mermaid } from './mermaid.ts';
