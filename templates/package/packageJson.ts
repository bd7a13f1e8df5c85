import type { Service } from '@atlas/ir';

/** package.json of one service's generated package. */
export function packageJson(service: Service, name: string): string {
  return `${JSON.stringify(
    {
      name,
      version: '0.0.0',
      private: true,
      type: 'module',
      exports: { '.': './index.ts', ...(service.http ? { './client': './client/index.ts' } : {}) },
      dependencies: { '@atlas/runtime': 'workspace:*' },
    },
    null,
    2,
  )}\n`;
}
