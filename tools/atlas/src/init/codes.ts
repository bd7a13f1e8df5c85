import type { CodeInfo } from '../diagnostics/diagnostic.ts';

/** Codes of starting something new (ATL71xx): what prevents atlas from adding a service or a handler. */
export const initCodes: readonly CodeInfo[] = [
  {
    code: 'ATL7101',
    title: 'place taken',
    explain: {
      why: "A new service and a new handler get files of their own. A file or folder that exists already may be somebody's work, so atlas writes nothing. Choose another name, or remove the existing one.",
    },
  },
  {
    code: 'ATL7102',
    title: 'message taken',
    explain: {
      why: 'The name of a message names its handler in every service that reads it, so it must be unique in the system. Choose another name for what the service is about with --aggregate.',
    },
  },
  {
    code: 'ATL7103',
    title: 'no workspace for a service',
    explain: {
      why: 'A new service is a package of the pnpm workspace that has @atlas/runtime and @atlas/stack, and pnpm-lock.yaml must list it, because pnpm refuses to install a package that the lock file does not list.',
    },
  },
  {
    code: 'ATL7104',
    title: 'main.ts has a different form',
    explain: {
      why: 'A handler takes effect when main.ts gives it to runService. Atlas adds it to the table of its kind, if the file is written as atlas init service writes it: the tables are members of the options of runService, two spaces deep. It does not change a file with another form.',
    },
  },
];
