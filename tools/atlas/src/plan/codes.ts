import type { CodeInfo } from '../diagnostics/diagnostic.ts';

/** Codes of planning: names that collide. */
export const planCodes: readonly CodeInfo[] = [
  {
    code: 'ATL6001',
    title: 'conflicting file names',
    explain: {
      why: 'Operations and messages become files with their names. On macOS and Windows, names that differ only in case are the same file.',
      bad: 'operationId: getSeat\noperationId: getseat',
      good: 'operationId: getSeat\noperationId: listSeats',
    },
  },
  {
    code: 'ATL6002',
    title: 'name that generated code uses',
    explain: {
      why: 'The name becomes a constant or a type in a module that already declares it.',
      bad: 'operationId: components',
      good: 'operationId: listComponents',
    },
  },
  {
    code: 'ATL6003',
    title: 'duplicate export',
    explain: {
      why: 'A generated package exports its operations, handlers and messages together, so their names must differ.',
      bad: 'operationId: bookingMade # and there is a message BookingMade',
      good: 'operationId: makeBooking',
    },
  },
  {
    code: 'ATL6004',
    title: 'schema that does not compile',
    explain: {
      why: 'Validators and serialisers are compiled when code is generated, so that a service starts without compiling. The compiler refuses this schema.',
    },
  },
  {
    code: 'ATL6005',
    title: 'file name that Windows reserves',
    explain: {
      why: 'On Windows, names such as con, aux and nul are devices, with any extension. The repository could not be checked out there.',
      bad: 'operationId: aux',
      good: 'operationId: getAux',
    },
  },
];
