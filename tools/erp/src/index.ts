export { type Erp, type ErpOptions, startErp } from './startErp.ts';
