// Who may change a dry run that waits: its requester and admins, as they are at the click and again when the form is sent.
import { shared } from '../support/shared.ts';
import { changing, clickChange, next, seen } from './changing.ts';
import type { Asked } from './desk.ts';
import { openModalDesk } from './modal-desk.ts';

const desk = shared(() => openModalDesk());
const user = 'U0ONCALL';

afterEach(async () => {
  for (const one of ['U0ONCALL', 'U0ADMIN', 'U0ADMIN2']) await desk.close(one);
});

describe('who may', () => {
  /** The refusal stands in the batch's own trail, with what was tried and where. */
  async function refusedOn({ batchId, channel }: Asked, because: string): Promise<void> {
    const sql = `select evidence from retry_batch.events where batch_id = $1 and action = 'refused'`;
    expect((await desk.world.sql<{ evidence: object }>(sql, [batchId])).map((one) => one.evidence)).toEqual([
      expect.objectContaining({ because, attempted: 'change', channel_id: channel }),
    ]);
  }

  test('an admin changes somebody else’s, and is the one who asks for the new one', async () => {
    const asked = await desk.waiting(1);
    await changing(desk, asked, 'U0ADMIN');
    await desk.slack.human.submit({ user: 'U0ADMIN', values: { retry_batch_reason: 'INC-2' } });
    const fresh = await next(desk, asked);
    await desk.becomes(asked.batchId, 'cancelled');
    const sql = `select requested_by ->> 'userId' as who from retry_batch.batches where id = $1`;
    expect(await desk.world.one(sql, [fresh.batchId])).toEqual({ who: 'U0ADMIN' });
  });

  test('nobody else does', async () => {
    const asked = await desk.waiting(1, 'U0ADMIN');
    const told = await desk.told(user, () => clickChange(desk, asked));
    expect(told.text).toContain('Only the person who asked or a mapped admin may change this');
    expect(told.text).toMatch(/Who can: .+ <[^|]+\|Open its message>\.$/);
    expect(desk.slack.viewsOf(user)).toEqual([]);
    await refusedOn(asked, 'not_requester_or_admin');
    expect((await desk.reply(asked, /Change refused/)).text).toContain(`<@${user}>`);
  });

  test('whoever lost the role while the form was open changes nothing', async () => {
    const asked = await desk.waiting(1);
    await changing(desk, asked, 'U0ADMIN2');
    await desk.world.sql(
      `update retry_batch.slack_identities set revoked_at = now() where slack_user_id = 'U0ADMIN2'`,
    );
    const told = await desk.told('U0ADMIN2', () => desk.slack.human.submit({ user: 'U0ADMIN2' }));
    expect(told.text).toContain('Only the person who asked or a mapped admin may change this');
    expect(told.text).toMatch(/Who can: .+ <[^|]+\|Open its message>\.$/);
    await refusedOn(asked, 'not_requester_or_admin');
    expect((await desk.reply(asked, /Change refused/)).text).toContain('<@U0ADMIN2>');
    expect(await desk.status(asked.batchId)).toBe('waiting');
    await desk.world.sql(
      `update retry_batch.slack_identities set revoked_at = null where slack_user_id = 'U0ADMIN2'`,
    );
  });

  test('one that was decided is not changed: whoever clicks is told how it stands', async () => {
    const asked = await desk.waiting(1);
    await desk.click(asked, 'cancel', user);
    await desk.becomes(asked.batchId, 'cancelled');
    expect((await desk.told(user, () => clickChange(desk, asked))).text).toContain('was cancelled');
    await refusedOn(asked, 'cancelled');
    await desk.reply(asked, /Change refused/);
  });

  test('nor by whoever asked for it and may not ask any more', async () => {
    const strict = await openModalDesk({ environment: { SLACK_PREVIEW_ROLE: 'ONRAMP_ADMIN' } });
    const asked = await strict.waiting(1, 'U0ADMIN2');
    await strict.world.sql(
      `update retry_batch.slack_identities set revoked_at = now() where slack_user_id = 'U0ADMIN2'`,
    );
    const { channel, ts } = asked;
    const click = { channel, ts, actionId: 'retry_batch_change', seen: seen(asked) };
    const told = await strict.told('U0ADMIN2', () =>
      strict.slack.human.click({ user: 'U0ADMIN2', ...click }),
    );
    expect(told.text).toMatch(/is not mapped .* Who can: .+ <[^|]+\|Open its message>\.$/);
    expect((await strict.reply(asked, /Change refused/)).text).toContain('<@U0ADMIN2>');
    await strict.stop();
  });
});
