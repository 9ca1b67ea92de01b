// What Slack delivers of clicks, commands, forms, openings and what the bot never listens to: whole, for a test to damage.
import { TEAM } from '../support/slack.ts';
import type { Json } from './damaged.ts';

/** The trigger of every one of them; whoever sends one gives it one of its own. */
export const TRIGGER = '1.2.3';

/** Where they are of, once that is there. */
export type Scene = {
  readonly channel: () => string;
  /** A batch for each button. */
  readonly batches: () => Readonly<Record<string, string>>;
  /** Of the local Slack. */
  readonly url: () => string;
};

export function payloadsOf(scene: Scene) {
  const click = (button: string, action: Json = {}): Json => ({
    type: 'block_actions',
    user: { id: 'U0ADMIN', username: 'priya', name: 'priya', team_id: TEAM },
    api_app_id: 'A0RETRY',
    token: 'legacy',
    container: { type: 'message', message_ts: '1.2', channel_id: scene.channel(), is_ephemeral: false },
    trigger_id: TRIGGER,
    team: { id: TEAM, domain: 'onramp' },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: scene.channel(), name: 'desk' },
    message: { type: 'message', ts: '1.2', text: 'Dry run', blocks: [] },
    state: { values: {} },
    response_url: `${scene.url()}/response/unknown`,
    actions: [
      {
        action_id: `retry_batch_${button}`,
        block_id: 'b',
        type: 'button',
        value: scene.batches()[button],
        action_ts: '1.3',
        ...action,
      },
    ],
  });

  const command = (): Json => ({
    command: '/retry-batch',
    text: 'since=2026-05-11',
    team_id: TEAM,
    team_domain: 'onramp',
    user_id: 'U0ONCALL',
    channel_id: scene.channel(),
    trigger_id: TRIGGER,
    response_url: `${scene.url()}/response/unknown`,
  });

  /** Somebody opens the app. */
  const opening = (): Json => ({
    token: 'legacy',
    team_id: TEAM,
    api_app_id: 'A0RETRY',
    event: {
      type: 'app_home_opened',
      user: 'U0ADMIN',
      channel: 'D0ADMIN',
      tab: 'home',
      view: { id: 'V0', type: 'home', blocks: [] },
      event_ts: '1.2',
    },
    type: 'event_callback',
    event_id: 'Ev0',
    event_time: 1,
    authorizations: [
      { enterprise_id: null, team_id: TEAM, user_id: 'U0RETRYBOT', is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
  });

  /** The other kinds of interaction, each as near to an approval as its kind can be. */
  function others(): Json[] {
    const { actions, ...rest } = click('approve');
    const batchId = scene.batches().approve;
    const option = { text: { type: 'plain_text', text: 'Approve' }, value: batchId };
    const input = { type: 'plain_text_input', value: batchId };
    const view = {
      id: 'V0',
      type: 'modal',
      callback_id: 'retry_batch_approve',
      private_metadata: batchId,
      state: { values: { b: { retry_batch_approve: input } } },
    };
    const chosen = (type: string, value: Json) => click('approve', { type, value: undefined, ...value });
    return [
      { ...rest, type: 'view_submission', view },
      { ...rest, type: 'view_closed', view, is_cleared: false },
      { ...rest, type: 'shortcut', callback_id: 'retry_batch_approve' },
      { ...rest, type: 'message_action', callback_id: 'retry_batch_approve' },
      { ...rest, type: 'block_suggestion', action_id: 'retry_batch_approve', block_id: 'b', value: batchId },
      {
        ...rest,
        type: 'interactive_message',
        callback_id: 'x',
        actions: [{ name: 'retry_batch_approve', value: batchId }],
      },
      {
        ...rest,
        type: 'dialog_submission',
        callback_id: 'retry_batch_approve',
        submission: { value: batchId },
      },
      {
        ...rest,
        type: 'event_callback',
        event: { type: 'app_mention', user: 'U0ADMIN', text: 'approve', channel: scene.channel() },
      },
      chosen('overflow', { selected_option: option }),
      chosen('static_select', { selected_option: option }),
      chosen('checkboxes', { selected_options: [option] }),
      chosen('users_select', { selected_user: 'U0ADMIN' }),
    ];
  }

  /** The form's ways in, each whole but for the form itself, which nobody has open. */
  function forms(): Json[] {
    const { actions: _, response_url, channel: where, message, container: __, ...rest } = click('approve');
    const metadata = {
      v: 1,
      draftId: crypto.randomUUID(),
      teamId: TEAM,
      channelId: scene.channel(),
      kept: [],
    };
    const since = { type: 'datetimepicker', selected_date_time: 1_778_502_600 };
    const view = {
      id: 'V0',
      type: 'modal',
      callback_id: 'retry_batch_modal',
      private_metadata: JSON.stringify({ ...metadata, since: null, until: null }),
      state: { values: { since: { retry_batch_since: since } } },
    };
    const search = { action_id: 'retry_batch_vendor_ids', block_id: 'vendor_ids', value: 'acme' };
    return [
      { ...rest, type: 'shortcut', callback_id: 'retry_batch_shortcut' },
      {
        ...rest,
        type: 'message_action',
        callback_id: 'retry_batch_message_shortcut',
        message_ts: '1.2',
        ...{ response_url, message, channel: where },
      },
      { ...rest, type: 'view_submission', view, response_urls: [] },
      { ...rest, type: 'block_suggestion', ...search, view, trigger_id: undefined },
    ];
  }

  return { click, command, opening, others, forms };
}
