// An HTTP caller's world, for the tests of one file: the bot on a database of its own, and an admin who calls it.
import { type Answered, call, type RunningApp, startApp } from './app.ts';
import { shared } from './shared.ts';
import { createWorld, type Ramp, type World } from './world.ts';

/** The incident's hour, in which the makers of a world put their executions. */
export const WINDOW = { since: '2026-05-11T12:30:00Z', until: '2026-05-11T13:30:00Z' };

export type Caller = {
  readonly world: World;
  readonly app: RunningApp;
  /** The headers of a signed-in ONRAMP_ADMIN's browser. */
  readonly admin: { readonly cookie: string };
  /** Replays what failed in this workflow in the incident's hour, and tells no customer. */
  execute(ramp: Ramp, more?: object): Promise<Answered>;
};

/** `environment` is what an operator would set, or sets in view of the new world. */
export function sharedCaller(
  environment: Record<string, string> | ((world: World) => Promise<Record<string, string>>) = {},
): Caller {
  const world = shared(createWorld);
  const app = shared(async () =>
    startApp(world, typeof environment === 'function' ? await environment(world) : environment),
  );
  const admin = shared(async () => ({
    cookie: await world.session((await world.user({ email: 'oncall@onramp.test' })).id),
  }));
  const quietly = { dry_run: false, suppress_notifications: true };
  return {
    world,
    app,
    admin,
    execute: (ramp, more = {}) =>
      call(app, admin, { ...WINDOW, ramp_uuids: [ramp.uuid], ...quietly, ...more }),
  };
}
