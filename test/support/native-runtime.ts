// How a test file is loaded: by Node itself, as the bot is, and not by Jest into a virtual machine of its own. What a
// worker has loaded of src/ and of the packages it keeps from file to file. The files of test/ are loaded anew for each
// test file, so that none finds what another one has left in them.
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

// Its types say what `require` gives; an import would give something else.
const jest = createRequire(import.meta.url)('jest-runtime') as typeof import('jest-runtime');

const TESTS = new URL('../', import.meta.url).href;
const GLOBALS = ['afterAll', 'afterEach', 'beforeAll', 'beforeEach', 'describe', 'expect', 'it', 'test'];

const BUILT_IN = Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z]/.test(name));

let loaded = 0;

// Whatever a test file imports of test/, directly or not, has the test file's mark, and is another module for that.
registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context);
    const mark = new URL(context.parentURL ?? TESTS).search;
    return found.url.startsWith(TESTS) ? { ...found, url: `${found.url}${mark}` } : found;
  },
});

export default class NativeRuntime extends jest.default {
  private readonly globals: object;

  constructor(...given: ConstructorParameters<typeof jest.default>) {
    super(...given);
    this.globals = given[1].global;
    // Jest's own part stays in its virtual machine: what it calls a String or an Error must be what a test calls so.
    for (const name of BUILT_IN) Reflect.set(this.globals, name, Reflect.get(globalThis, name));
  }

  override unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  override async unstable_importModule(path: string): Promise<void> {
    for (const name of GLOBALS) Reflect.set(globalThis, name, Reflect.get(this.globals, name));
    loaded += 1;
    await import(`${pathToFileURL(path).href}?${loaded}`);
  }
}
