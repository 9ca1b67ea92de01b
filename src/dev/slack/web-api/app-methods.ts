// apps.connections.open and blocks.validate: methods about the app itself.
import type { AppsConnectionsOpenResponse, BlocksValidateResponse } from '@slack/web-api';
import type { Core } from '../core.ts';
import { validateMessageBlocks, validateView } from '../validation/validate.ts';
import { isRecord } from '../validation/walk.ts';
import type { Arguments } from './arguments.ts';
import { always, type Method } from './method.ts';
import { invalidArguments } from './refusal.ts';

function openConnection(_args: Arguments, core: Core): AppsConnectionsOpenResponse {
  return { ok: true, url: core.newSocketUrl() };
}

function verdictOn(args: Arguments) {
  const view = args.json('view');
  if (view !== undefined) return validateView(view);
  const message = args.json('message');
  if (isRecord(message)) return validateMessageBlocks(message.blocks ?? [], '/blocks');
  const blocks = args.json('blocks');
  if (blocks === undefined) throw invalidArguments('must provide blocks, view or message');
  return validateMessageBlocks(blocks, '');
}

function validate(args: Arguments): BlocksValidateResponse {
  const verdict = verdictOn(args);
  if (verdict.ok) return { ok: true };
  return { ok: false, error: 'invalid_blocks', errors: [...verdict.problems] };
}

export const appMethods: Record<string, Method> = {
  'apps.connections.open': { token: 'app', scopes: always(), run: openConnection },
  'blocks.validate': { token: 'none', scopes: always(), run: validate },
};
