import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { layoutOf } from '../layout.ts';
import { hasGateway, servicesOf } from '../services.ts';

/** A program of the system, which runs as a process of its own. */
export interface Program {
  readonly name: string;
  /** Its folder, relative to the root, with a `src/main.ts`. */
  readonly folder: string;
  /**
   * Whether the specs name it. The stack then has a database and a user of the broker for it. Any other program, such
   * as a gateway, gets the addresses of the programs beside it instead.
   */
  readonly isService: boolean;
}

/** The services of a repository that can be started: those of the specs and the catalog that have a `src/main.ts`. */
export function programsOf(root?: string): readonly Program[] {
  const { root: folder } = layoutOf(root);
  return servicesOf(folder)
    .map(serviceProgram)
    .filter((program) => existsSync(join(folder, program.folder, 'src/main.ts')));
}

/**
 * The gateway of a repository, if its configuration has one and it can be started. Its environment needs the address of
 * each service, which `startSystem` gives it.
 */
export function gatewayProgram(root?: string): Program | undefined {
  const { root: folder } = layoutOf(root);
  const program = { ...serviceProgram('gateway'), isService: false };
  return hasGateway(folder) && existsSync(join(folder, program.folder, 'src/main.ts')) ? program : undefined;
}

export function serviceProgram(name: string): Program {
  return { name, folder: `services/${name}`, isService: true };
}

/** The variable with a program's REST address, for the programs beside the services: `BOX_OFFICE_URL` of box-office. */
export function addressVariable(name: string): string {
  return `${name.replaceAll('-', '_').toUpperCase()}_URL`;
}
