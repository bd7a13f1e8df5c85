import type { CodeInfo } from '../diagnostics/diagnostic.ts';

/** Codes of writing (ATL7xxx): what prevents atlas from writing generated files. */
export const writeCodes: readonly CodeInfo[] = [
  {
    code: 'ATL7001',
    title: 'edited generated file',
    explain: {
      why: 'The next run would overwrite the change. Behaviour belongs in services/, and the contract belongs in the spec. A file that atlas did not write counts as edited if a generated file needs its path.',
    },
  },
  {
    code: 'ATL7002',
    title: 'outdated generated file',
    explain: {
      why: 'Generated code is committed, and it must match what this version of atlas generates from the specs beside it. Run npx atlas generate and commit the result.',
    },
  },
  {
    code: 'ATL7003',
    title: 'unreadable manifest',
    explain: {
      why: 'manifest.json lists the files that atlas may replace and delete. With a damaged manifest (often after a merge conflict) atlas could destroy a file, so it writes nothing. Take either side of the conflict, or delete the manifest and run npx atlas generate --force.',
    },
  },
  {
    code: 'ATL7004',
    title: 'symbolic link as an output folder',
    explain: {
      why: 'Writing through a symbolic link would leave the output folder. Remove the link; atlas creates the folder.',
    },
  },
  {
    code: 'ATL7005',
    title: 'obstacle in the output folder',
    explain: {
      why: "Atlas replaces and deletes only files that it wrote. A folder where a file belongs, or a file where a folder belongs, may be somebody's work.",
    },
  },
];
