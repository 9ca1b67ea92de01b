// A connection's error that nobody listens for ends the process. The queue's package stops listening before it says
// goodbye, and a server that is stopped in that moment still has something to say; so does one whose connection breaks
// while the pool hands it over. The chaos found both.
import pg from 'pg';

/** A connection that somebody always listens to. */
export class HeardClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => {});
  }

  /** Whoever stops listening leaves the one listener that keeps the process. */
  override removeAllListeners(event?: string | symbol): this {
    super.removeAllListeners(event);
    return this.listenerCount('error') > 0 ? this : this.on('error', () => {});
  }
}

/** Makes every connection that a package makes by itself one of these; a pool is told by its options. */
export function hearEveryClient(): void {
  pg.Client = HeardClient;
}
