// The configuration as an operator would set it, and what it is answered with.
import { type Config, parseConfig } from '../../src/config.ts';

export type Environment = Record<string, string | undefined>;

/** The least that a start needs. */
export const LEAST = {
  DATABASE_URL: 'postgres://bot:pg-pass-word@db.internal:5432/onramp',
  SLACK_BOT_TOKEN: 'xoxb-bot-token-value',
  SLACK_SIGNING_SECRET: 'signing-secret-value',
};

export function configOf(environment: Environment): Config {
  const parsed = parseConfig({ ...LEAST, ...environment });
  if (parsed.kind === 'mistakes') throw new Error(parsed.message);
  return parsed.config;
}

export function messageOf(environment: Environment): string {
  const parsed = parseConfig(environment);
  if (parsed.kind === 'config') throw new Error('nothing was wrong');
  return parsed.message;
}

/** The variables that a message complains about. */
export function complaints(environment: Environment): string[] {
  return [...messageOf(environment).matchAll(/^ {2}([A-Z_]+) /gm)].map((match) => match[1] ?? '');
}
