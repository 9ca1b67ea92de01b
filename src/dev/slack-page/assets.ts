// The page's own files: scripts with their types taken out, styles, and fonts out of the packages they come in.
// Nothing else can be asked for.
import { readFile } from 'node:fs/promises';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

export type Asset = { readonly body: string | Buffer; readonly type: string };

const HERE = new URL('./', import.meta.url);
const packages = createRequire(import.meta.url);

const folderOf = (name: string): string => dirname(packages.resolve(`${name}/package.json`));

const FONTS = /^(@fontsource\/lato\/files|twemoji-colr-font)\/[\w-]+\.woff2$/;

async function font(path: string): Promise<Asset | undefined> {
  if (!FONTS.test(path)) return undefined;
  const [name = ''] = /^(@[\w-]+\/)?[\w-]+/.exec(path) ?? [];
  const body = await readFile(join(folderOf(name), path.slice(name.length)));
  return { body, type: 'font/woff2' };
}

async function script(name: string): Promise<Asset> {
  const source = await readFile(new URL(`browser/${name}`, HERE), 'utf8');
  return { body: stripTypeScriptTypes(source), type: 'text/javascript; charset=utf-8' };
}

async function style(name: string): Promise<Asset> {
  return { body: await readFile(new URL(`style/${name}`, HERE)), type: 'text/css; charset=utf-8' };
}

/** The file at this path below `/page/`, or undefined. */
export async function assetAt(path: string): Promise<Asset | undefined> {
  const [, folder, name = ''] = /^(app|style|fonts)\/(.+)$/.exec(path) ?? [];
  try {
    if (folder === 'fonts') return await font(name);
    if (folder === 'app' && /^[\w-]+\.ts$/.test(name)) return await script(name);
    if (folder === 'style' && /^[\w-]+\.css$/.test(name)) return await style(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return undefined;
}
