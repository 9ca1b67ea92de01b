// Who acts: a person of Slack or of OnRamp, a program with an API key, or the bot itself.

/** The role that may approve, pull the brake and call the endpoint (database contract, `or_user_roles`). */
export const ADMIN_ROLE = 'ONRAMP_ADMIN';

/** A person in Slack: a user id within an organisation, never a name, which they can change. */
export type SlackPerson = {
  /** The organisation's id on an Enterprise Grid (`E…`), else the workspace's (`T…`). */
  readonly teamId: string;
  readonly userId: string;
  /** Workspaces of that organisation under whose ids a mapping of theirs counts too; nothing outside a Grid. */
  readonly workspaces?: readonly string[] | undefined;
};

export type Actor =
  | (SlackPerson & {
      readonly kind: 'slack';
      /** The mapped OnRamp user, where there is one. */
      readonly user: OnrampUser | null;
    })
  | { readonly kind: 'session'; readonly user: OnrampUser; readonly from: string }
  | { readonly kind: 'api_key'; readonly name: string; readonly from: string }
  | { readonly kind: 'system'; readonly name: string };

export type OnrampUser = { readonly id: number; readonly email: string };

/** What or_workflow_history calls the actor: the e-mail, or `api-key:<name>` (engine contract, step 8). */
export function historyActor(actor: Actor): string {
  switch (actor.kind) {
    case 'slack':
      return actor.user?.email ?? `slack:${actor.teamId}/${actor.userId}`;
    case 'session':
      return actor.user.email;
    case 'api_key':
      return `api-key:${actor.name}`;
    case 'system':
      return `system:${actor.name}`;
  }
}
