import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { chromium as launcher, type Browser } from 'playwright-core';

const ARGUMENTS = ['--no-sandbox', '--single-process', '--no-zygote', "--headless='shell'"];

/** Starts a browser in a folder of its own, because two runs at once must not share a half-unpacked one. */
export async function startBrowser(): Promise<{ readonly browser: Browser; readonly stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-browser-'));
  const executablePath = await unpackedIn(folder);
  const browser = await launcher.launch({ executablePath, args: ARGUMENTS });
  return {
    browser,
    stop: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The package unpacks into the folder for temporary files. Others of this process have the usual one afterwards. */
async function unpackedIn(folder: string): Promise<string> {
  const usual = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    return await chromium.executablePath();
  } finally {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
  }
}
