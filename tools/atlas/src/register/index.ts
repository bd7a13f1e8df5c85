export { registerSystem, type RegisterOptions, type RegisterResult } from './register.ts';
