import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

export interface OpenBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

const ARGUMENTS = ['--no-sandbox', '--single-process', '--no-zygote', "--headless='shell'"];

/** Starts a headless Chromium from the package registry, for tests of pages. It needs no installation. */
export async function openBrowser(): Promise<OpenBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-browser-'));
  try {
    const executablePath = await unpacked(folder);
    const { chromium } = await import('playwright-core');
    const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    return {
      browser,
      close: async () => {
        await browser.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The browser is unpacked into a folder of its own, because two runs at once must not share a half-written file. The
 * package reads the folder only from the environment, which is restored afterwards for other code of this process.
 */
async function unpacked(folder: string): Promise<string> {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    return await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
