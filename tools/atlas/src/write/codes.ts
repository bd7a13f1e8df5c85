import type { CodeInfo } from '../diagnostics/diagnostic.ts';

/** Codes of writing: what stands between generated text and the disk. */
export const writeCodes: readonly CodeInfo[] = [
  {
    code: 'ATL7001',
    title: 'a generated file that was edited by hand',
    explain: {
      why: 'The next run would overwrite the change. Behaviour belongs below services/, the contract in the spec. A file that atlas did not write and that stands in its way counts as edited.',
    },
  },
  {
    code: 'ATL7002',
    title: 'a generated file that is not what the specs give',
    explain: {
      why: 'Generated code is committed; it must be what this version of atlas makes of the specs beside it. Run npx atlas generate and commit the result.',
    },
  },
  {
    code: 'ATL7003',
    title: 'a manifest that can not be read',
    explain: {
      why: 'manifest.json says which files atlas may replace and delete. A damaged one (a merge conflict, mostly) could cost a file, so nothing is written. Take either side of the conflict, or delete it and run npx atlas generate --force.',
    },
  },
  {
    code: 'ATL7004',
    title: 'an output folder that is a link',
    explain: {
      why: 'Writing through a symbolic link would leave the output folder. Remove the link; atlas makes the folder.',
    },
  },
  {
    code: 'ATL7005',
    title: 'something in the place of an output file or folder',
    explain: {
      why: 'atlas replaces and deletes files that it wrote, and nothing else: a folder in the place of a file, or a file in the place of a folder, may hold the work of somebody.',
    },
  },
];
