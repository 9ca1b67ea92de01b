// The release before this one, as a process of it still runs while this one is deployed. The tarball has its source; a
// new release takes the place of it with
//   git archive --format=tar.gz --output=test/durability/former-release.tar.gz REVISION package.json src ':!src/dev' ':!src/commands'
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atTheEnd } from '../support/shared.ts';

export type FormerRelease = {
  /** Where its `src/main.ts` is. */
  readonly folder: string;
  /** The names of its migrations, in their order. */
  readonly migrations: readonly string[];
};

/** Unpacks it into a folder of its own, which goes at the file's end, with the packages of this repository. */
export async function unpackFormerRelease(): Promise<FormerRelease> {
  const folder = await mkdtemp(join(tmpdir(), 'retry-batch-former-'));
  atTheEnd(() => rm(folder, { recursive: true, force: true }));
  const tarball = fileURLToPath(new URL('./former-release.tar.gz', import.meta.url));
  await promisify(execFile)('tar', ['xzf', tarball, '-C', folder]);
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  const names = await readdir(join(folder, 'src/store/migrations'));
  return {
    folder,
    migrations: names.sort(),
  };
}
