// Unpacks the browser that npm brings, once for each machine and version: the browser itself, the libraries it
// needs where the system has none, and a font.
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

export type Unpacked = { readonly executable: string; readonly environment: Record<string, string> };

const packages = createRequire(import.meta.url);
const decompress = promisify(brotliDecompress);

const BLOCK = 512;

/** The regular files of a tar archive. */
function* filesIn(tar: Buffer): Generator<{ name: string; content: Buffer }> {
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    if (name === '') return;
    const size = Number.parseInt(tar.toString('ascii', at + 124, at + 136), 8);
    const type = tar.toString('ascii', at + 156, at + 157);
    const begin = at + BLOCK;
    if (type === '0' || type === '\0') yield { name, content: tar.subarray(begin, begin + size) };
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
}

async function untar(file: string, folder: string): Promise<void> {
  for (const { name, content } of filesIn(await decompress(await readFile(file)))) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** The system's fonts, if there are any, and the one that came along. */
const fontConfiguration = (folder: string): string => `<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}</dir>
  <cachedir>${folder}/cache</cachedir>
</fontconfig>
`;

async function unpackInto(folder: string, packed: string, final: string): Promise<void> {
  const browser = join(folder, 'chromium');
  await writeFile(browser, await decompress(await readFile(join(packed, 'chromium.br'))));
  await chmod(browser, 0o755);
  await untar(join(packed, 'al2023.tar.br'), folder);
  await untar(join(packed, 'fonts.tar.br'), folder);
  await writeFile(join(folder, 'fontconfig.xml'), fontConfiguration(join(final, 'fonts')));
}

/** The browser, unpacked now or earlier. Two processes may do this at once: the folder appears whole or not at all. */
export async function unpackBrowser(): Promise<Unpacked> {
  const home = join(dirname(packages.resolve('@sparticuz/chromium')), '..', '..');
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  const folder = join(tmpdir(), `retry-batch-browser-${version}`);
  if (!existsSync(folder)) {
    const fresh = await mkdtemp(`${folder}-`);
    await unpackInto(fresh, join(home, 'bin'), folder);
    await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  }
  return {
    executable: join(folder, 'chromium'),
    environment: { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_FILE: join(folder, 'fontconfig.xml') },
  };
}
