export { register, type RegisteredSpecs, type RegisterSpecsOptions } from './registerSpecs.ts';
