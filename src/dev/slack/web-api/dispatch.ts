// One Web API call, from its arguments to its answer: method, token, scopes, then the method itself.
import type { WebAPICallResult } from '@slack/web-api';
import type { Core } from '../core.ts';
import { appMethods } from './app-methods.ts';
import { argumentsOf } from './arguments.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import type { Method } from './method.ts';
import { peopleMethods } from './people.ts';
import { Refusal } from './refusal.ts';
import { viewMethods } from './views.ts';

/** The methods this Slack has; every other is `unknown_method`. */
const METHODS: Record<string, Method> = {
  ...appMethods,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...peopleMethods,
  ...viewMethods,
};

function checkToken(method: Method, token: string | undefined, core: Core): void {
  if (method.token === 'none') return;
  const { botToken, appToken } = core.world.app;
  if (!token) throw new Refusal('not_authed');
  if (token !== botToken && token !== appToken) throw new Refusal('invalid_auth');
  if (token !== (method.token === 'bot' ? botToken : appToken)) throw new Refusal('not_allowed_token_type');
}

export type Answer = WebAPICallResult & { readonly error?: string };

/** Answers a call; a refusal is an answer too, and only a defect of this Slack is thrown. */
export function answer(
  core: Core,
  name: string,
  token: string | undefined,
  raw: Record<string, unknown>,
): Answer {
  try {
    const method = METHODS[name];
    if (!method) throw new Refusal('unknown_method', { req_method: name });
    checkToken(method, token, core);
    const args = argumentsOf(raw);
    const needed = method.scopes(args, core);
    const provided = core.world.app.scopes;
    if (needed.length > 0 && !needed.some((scope) => provided.includes(scope))) {
      throw new Refusal('missing_scope', { needed: needed.join(','), provided: provided.join(',') });
    }
    return method.run(args, core);
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.code, ...error.extra };
    throw error;
  }
}
