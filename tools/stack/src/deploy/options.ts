import { join } from 'node:path';
import type { StackInfo } from '../info.ts';

export interface DeployOptions {
  /** The repository; this one by default. */
  readonly root?: string;
  /** ATLAS_NAMESPACE, the prefix of the names of topics, subjects and groups. */
  readonly namespace?: string;
  readonly signal?: AbortSignal;
}

/** The log file of one deployment step, in the folder with the logs of the servers. */
export function deployLog(info: StackInfo, name: string): string {
  return join(info.logs, `${name}.log`);
}
