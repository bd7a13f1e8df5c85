/** Points at which a test may kill the process, in the order in which an event passes them, then those of timers. */
export type Failpoint =
  | 'before-commit'
  | 'after-commit'
  | 'after-claim'
  | 'after-ack'
  | 'after-delete'
  | 'after-inbox-insert'
  | 'after-consume-commit'
  | 'after-offset-commit'
  | 'after-dead-letter'
  | 'after-timer-claim'
  | 'after-timer-commit'
  | 'after-effect-perform'
  | 'after-effect-settle';

/** Read once, so that a failpoint costs one comparison in production. */
const ARMED = process.env['ATLAS_FAILPOINT'];

/** Kills this process with SIGKILL if `ATLAS_FAILPOINT` has this name. As in a power cut, nothing is cleaned up. */
export function failpoint(name: Failpoint): void {
  if (ARMED === name) process.kill(process.pid, 'SIGKILL');
}
