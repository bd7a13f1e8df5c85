import type { CodeInfo } from '../diagnostics/diagnostic.ts';

/** Codes of planning: names that can't stand beside each other. */
export const planCodes: readonly CodeInfo[] = [
  {
    code: 'ATL6001',
    title: 'two things that would be one file',
    explain: {
      why: 'An operation and a message become files named after them. Names that differ only in case are one file on macOS and Windows.',
      bad: 'operationId: getSeat and operationId: getseat',
      good: 'operationId: getSeat and operationId: listSeats',
    },
  },
  {
    code: 'ATL6002',
    title: 'a name that generated code uses itself',
    explain: {
      why: 'The operationId becomes a constant in a module that declares this name already.',
      bad: 'operationId: components',
      good: 'operationId: listComponents',
    },
  },
  {
    code: 'ATL6003',
    title: 'two exports of one name',
    explain: {
      why: 'A generated package exports its operations, handlers and messages side by side.',
      bad: 'operationId: bookingMade beside the message BookingMade',
      good: 'operationId: makeBooking beside the message BookingMade',
    },
  },
  {
    code: 'ATL6004',
    title: 'a schema that can not be compiled',
    explain: {
      why: 'Validators and serialisers are compiled when code is generated, so that a service starts without compiling. This schema is one that the compiler refuses.',
    },
  },
  {
    code: 'ATL6005',
    title: 'a file name that Windows keeps for itself',
    explain: {
      why: 'Files named con, aux, nul and the like are devices on Windows, with any extension: the repository could not be checked out there.',
      bad: 'operationId: aux',
      good: 'operationId: getAux',
    },
  },
];
