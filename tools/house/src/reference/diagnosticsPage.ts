import { allCodes } from '@atlas/cli/codes';

const FAMILIES: Readonly<Record<string, string>> = {
  ATL1: 'Reading files and the configuration',
  ATL2: 'OpenAPI',
  ATL3: 'AsyncAPI',
  ATL4: 'Avro',
  ATL5: 'Across files and services',
  ATL6: 'Names and planned files',
  ATL7: 'Writing',
  ATL8: 'Registering',
};

/** Every code that atlas can give, as `atlas explain` tells it. */
export function diagnosticsPage(): string {
  const families = Object.entries(FAMILIES).map(([prefix, title]) => {
    const codes = allCodes.filter(({ code }) => code.startsWith(prefix));
    return codes.length === 0 ? '' : [`## ${title}`, ...codes.map(entry)].join('\n\n');
  });
  const head = `# Diagnostics

What \`atlas\` may find, and how to mend it. \`atlas explain <code>\` prints an entry. Exit codes: 0 clean, 1 a bug in atlas, 2 usage or configuration, 100 findings or drift.`;
  return `${[head, ...families.filter((family) => family !== '')].join('\n\n')}\n`;
}

function entry({ code, title, explain }: (typeof allCodes)[number]): string {
  const example = (label: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : [`${label}:`, `\`\`\`\n${text}\n\`\`\``];
  return [
    `### ${code}: ${title}`,
    explain.why,
    ...example('Breaks it', explain.bad),
    ...example('Mended', explain.good),
  ].join('\n\n');
}
