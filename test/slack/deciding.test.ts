// Approve and Cancel: who may, who is told what, and that a refusal changes nothing.

import { shared } from '../support/shared.ts';
import { TEAM } from '../support/slack.ts';
import { until } from '../support/until.ts';
import { buttonsOf, openDesk } from './desk.ts';

const desk = shared(() => openDesk());
type Denial = {
  readonly who: string;
  readonly user: string;
  readonly because: string;
  readonly advice: RegExp;
  readonly arrange?: () => Promise<unknown>;
};

const mapped = async (user: string, o: { admin?: boolean; active?: boolean } = {}) => {
  const { id } = await desk.world.user(o);
  await desk.world.mapping(TEAM, user, id);
  return id;
};

const DENIALS: Denial[] = [
  {
    who: 'somebody not mapped',
    user: 'U0ONCALL',
    because: 'not_mapped',
    advice: /Ask whoever runs the bot to map/,
  },
  {
    who: 'somebody mapped without the role',
    user: 'U0ONCALL',
    because: 'no_role',
    advice: /lacks the role “ONRAMP_ADMIN”/,
    arrange: () => mapped('U0ONCALL', { admin: false }),
  },
  {
    who: 'an admin whose OnRamp user is inactive',
    user: 'U0ONCALL',
    because: 'inactive',
    advice: /Ask an OnRamp admin to activate it/,
    arrange: () => mapped('U0ONCALL', { active: false }),
  },
  {
    who: 'an admin whose mapping was revoked',
    user: 'U0ONCALL',
    because: 'not_mapped',
    advice: /not mapped/,
    arrange: async () => {
      await mapped('U0ONCALL');
      await desk.world.sql(
        `update retry_batch.slack_identities set revoked_at = now() where slack_user_id = 'U0ONCALL'`,
      );
    },
  },
  {
    who: 'a mapped guest',
    user: 'U0GUEST',
    because: 'guest',
    advice: /full member/,
    arrange: () => mapped('U0GUEST'),
  },
  {
    who: 'a mapped bot',
    user: 'U0OTHERBOT',
    because: 'bot',
    advice: /A person has to/,
    arrange: () => mapped('U0OTHERBOT'),
  },
  {
    who: 'a mapped deactivated person',
    user: 'U0GONE',
    because: 'deactivated',
    advice: /colleague/,
    arrange: () => mapped('U0GONE'),
  },
  {
    who: 'somebody of another organisation in our workspace, mapped under both teams',
    user: 'U0EXTERN',
    because: 'other_organisation',
    advice: /member of this workspace/,
    arrange: async () => {
      const id = await mapped('U0EXTERN');
      await desk.world.mapping('T0OTHERCO', 'U0EXTERN', id);
    },
  },
];

describe.each(DENIALS)('$who', ({ user, because, advice, arrange }) => {
  afterEach(async () => {
    await desk.world.sql('delete from retry_batch.slack_identities where slack_user_id = $1', [user]);
  });

  test('may not approve, is told what to do, and changes nothing', async () => {
    await arrange?.();
    const asked = await desk.waiting(1, 'U0ADMIN');
    const before = await desk.snapshot();
    const answer = await desk.told(user, () => desk.click(asked, 'approve', user, { sendAnyway: true }));
    expect(answer.text).toMatch(advice);
    expect(await desk.snapshot()).toBe(before);
    expect(buttonsOf(desk.shown(asked))).toEqual(['approve', 'ask', 'change', 'cancel']);
    const event = await desk.world.one<{ because: string; user: string }>(
      `select evidence ->> 'because' as because, actor ->> 'userId' as user
       from retry_batch.events where batch_id = $1 and action = 'approval_refused'`,
      [asked.batchId],
    );
    expect(event).toEqual({ because, user });
    // The attempt can be read in the thread, too.
    expect((await desk.reply(asked, /Approval refused/)).text).toContain(`<@${user}>`);
  });
});

test('while Slack cannot be asked about an admin it has told nothing of yet, the admin is refused', async () => {
  const fresh = await openDesk();
  const asked = await fresh.waiting(1, 'U0ADMIN');
  const fault = fresh.slack.fault({ target: 'users.info', kind: 'down' });
  const answer = await fresh.told('U0ADMIN2', () => fresh.click(asked, 'approve', 'U0ADMIN2'));
  fresh.slack.clearFaults(fault);
  expect(answer.text).toMatch(/Slack could not be asked who you are.*Try again/s);
  expect(await fresh.status(asked.batchId)).toBe('waiting');
  await fresh.click(asked, 'approve', 'U0ADMIN2');
  await fresh.becomes(asked.batchId, 'finished');
  await fresh.stop();
});

test('a mapped admin approves: the buttons go, the message says who and when, and the plan is replayed', async () => {
  const asked = await desk.waiting(2);
  await desk.click(asked, 'approve');
  await desk.becomes(asked.batchId, 'finished');
  expect(await desk.projects(asked.ramp)).toBe(2);
  const what = 'the message without its buttons';
  const now = await desk.slack.waitFor(() => buttonsOf(desk.shown(asked)).length === 0 && desk.shown(asked), {
    what,
  });
  expect(now.text).toMatch(/Approved by <@U0ADMIN> at/);
  expect((await desk.actions(asked.batchId)).slice(0, 4)).toEqual([
    'asked',
    'planned',
    'approved',
    'started',
  ]);
});

test('the confirmation before Approve repeats the counts and the side effects', async () => {
  const asked = await desk.waiting(2);
  expect(JSON.stringify(desk.shown(asked).blocks)).toMatch(
    /Of 2 matched, 2 will be replayed; 0 are skipped.*suppressed/,
  );
  expect(await desk.click(asked, 'approve', 'U0ADMIN', { confirm: 'deny' })).toMatchObject({
    outcome: 'not_sent',
  });
});

test('a role that is taken away between the dry run and the click counts at the click', async () => {
  const asked = await desk.waiting(1);
  await desk.world.sql('delete from or_user_roles where user_id = $1', [desk.admin.id]);
  const answer = await desk.told('U0ADMIN', () => desk.click(asked, 'approve'));
  await desk.world.sql(`insert into or_user_roles values ($1, 'ONRAMP_ADMIN')`, [desk.admin.id]);
  expect(answer.text).toContain('lacks the role');
  expect(await desk.status(asked.batchId)).toBe('waiting');
});

describe('Cancel', () => {
  test.each([
    ['the requester, who is mapped to nobody', 'U0ONCALL'],
    ['a mapped admin', 'U0ADMIN'],
  ])('by %s withdraws the batch, and the message says so without buttons', async (_, user) => {
    const asked = await desk.waiting(1);
    await desk.click(asked, 'cancel', user);
    await desk.becomes(asked.batchId, 'cancelled');
    const what = 'the cancelled message';
    await desk.slack.waitFor(() => /Cancelled by/.test(desk.shown(asked).text), { what });
    expect(desk.shown(asked).text).toContain(`Cancelled by <@${user}>`);
    expect(buttonsOf(desk.shown(asked))).toEqual([]);
    // Nobody approves what was withdrawn, not even from an old copy of the message.
    const seen = [{ type: 'actions', elements: [button('approve', asked.batchId)] }];
    const answer = await desk.told('U0ADMIN', () => desk.click(asked, 'approve', 'U0ADMIN', { seen }));
    expect(answer.text).toContain(`cancelled by <@${user}>`);
    expect(await desk.projects(asked.ramp)).toBe(0);
  });

  test('by somebody else is refused', async () => {
    const asked = await desk.waiting(1, 'U0ADMIN');
    const answer = await desk.told('U0ONCALL', () => desk.click(asked, 'cancel', 'U0ONCALL'));
    expect(answer.text).toContain('Only the person who asked or a mapped admin may cancel');
    expect(await desk.status(asked.batchId)).toBe('waiting');
    expect(await desk.actions(asked.batchId)).toContain('refused');
  });

  test('by a requester who has become a guest since is refused', async () => {
    const fresh = await openDesk();
    const asked = await fresh.waiting(1, 'U0ADMIN2');
    fresh.slack.human.changeUser('U0ONCALL', { isRestricted: true });
    await fresh.world.sql(
      `update retry_batch.batches set requested_by = jsonb_set(requested_by, '{userId}', '"U0ONCALL"')`,
    );
    const answer = await fresh.told('U0ONCALL', () => fresh.click(asked, 'cancel', 'U0ONCALL'));
    expect(answer.text).toContain('Guests');
    expect(await fresh.status(asked.batchId)).toBe('waiting');
    await fresh.stop();
  });
});

test('batches that are approved in the same moment all start at once', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => desk.waiting(1)));
  const holding = await desk.world.connect();
  await holding.query('begin; lock table retry_batch.slack_identities in access exclusive mode');
  await Promise.all(all.map((asked) => desk.click(asked, 'approve')));
  // Each looks who clicked. Threads that are brought up to date meanwhile wait, too, for who can approve.
  await until('all of them wait', async () => {
    const sql = `select count(*) as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%i.slack_user_id = $2%'`;
    return (await desk.world.one<{ n: number }>(sql)).n >= all.length;
  });
  await holding.query('rollback');
  await holding.end();
  await Promise.all(all.map(({ batchId }) => desk.becomes(batchId, 'finished')));
});

test('with SLACK_REQUIRE_SECOND_PERSON the requester may not approve, and the message says so beforehand', async () => {
  const strict = await openDesk({ environment: { SLACK_REQUIRE_SECOND_PERSON: 'true' } });
  const asked = await strict.waiting(1, 'U0ADMIN');
  expect(strict.shown(asked).text).toMatch(/· t\S* can approve as a second person until/);
  const answer = await strict.told('U0ADMIN', () => strict.click(asked, 'approve'));
  expect(answer.text).toMatch(/takes a second person.*Ask another mapped admin/s);
  expect(await strict.status(asked.batchId)).toBe('waiting');
  await strict.click(asked, 'approve', 'U0ADMIN2');
  await strict.becomes(asked.batchId, 'finished');
  await strict.stop();
});

function button(verb: string, value: string) {
  return {
    type: 'button',
    action_id: `retry_batch_${verb}`,
    value,
    text: { type: 'plain_text', text: verb },
  };
}
