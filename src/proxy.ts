// The way out of a network that has one door. What the process asks with `fetch` (Slack, and the provider that people sign in with) goes through the proxy;
// webhooks have connections of their own and never do: a proxy would void the guard against private addresses.
import { EnvHttpProxyAgent, setGlobalDispatcher } from 'undici';

/** From now on every `fetch` of an https address goes through `proxy`, but for the hosts of `direct` (as NO_PROXY has them). */
export function askThroughProxy(proxy: string, direct = ''): void {
  // Said in full: what is left out it would look for in the environment.
  setGlobalDispatcher(new EnvHttpProxyAgent({ httpProxy: '', httpsProxy: proxy, noProxy: direct }));
}
