/** Places where a test may have the process killed, in the order of an event's way. */
export type Failpoint =
  | 'after-insert'
  | 'after-commit'
  | 'after-claim'
  | 'after-ack'
  | 'after-delete'
  | 'after-inbox-insert'
  | 'after-consume-commit'
  | 'after-offset-commit'
  | 'after-dead-letter';

/** Read once: unset, a failpoint costs one comparison. */
const ARMED = process.env['ATLAS_FAILPOINT'];

/** Kills this very process with SIGKILL where `ATLAS_FAILPOINT` names the place, as a power cut would. */
export function failpoint(name: Failpoint): void {
  if (ARMED === name) process.kill(process.pid, 'SIGKILL');
}
