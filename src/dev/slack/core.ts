// What every part of this Slack shares: the world, and the machinery around it.
import type { Faults } from './faults.ts';
import type { Traffic } from './traffic.ts';
import type { Limiter } from './web-api/limiter.ts';
import type { Offers } from './world/offers.ts';
import type { ResponseUrls, Triggers } from './world/single-use.ts';
import type { World } from './world/world.ts';

export interface Core {
  readonly world: World;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly offers: Offers;
  readonly faults: Faults;
  readonly traffic: Traffic;
  readonly limiter: Limiter;
  /** Where this Slack listens: `http://127.0.0.1:1234`. */
  readonly baseUrl: string;
  /** A one-time address for a new Socket Mode connection. */
  readonly newSocketUrl: () => string;
}
