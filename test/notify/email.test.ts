import fc from 'fast-check';
import { LONGEST_WAIT_MS } from '../../src/dev/slack/longest-wait.ts';
import { createMailer, type EmailInput, type Mailer } from '../../src/notify/email.ts';
import { type SmtpScript, type SmtpServer, startSmtpServer } from './smtp-server.ts';

const FROM = 'OnRamp <bot@onramp.example>';
const EMAIL: EmailInput = {
  id: 'mail_1',
  to: 'pat@customer.example',
  subject: 'Project created: Acme',
  text: 'A project was created.\n',
};

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function setUp(script?: SmtpScript, login = ''): Promise<{ server: SmtpServer; mailer: Mailer }> {
  const server = await startSmtpServer(script);
  const timeoutMs = Object.values(script ?? {}).includes('hang') ? 300 : LONGEST_WAIT_MS;
  const mailer = createMailer(`smtp://${login}127.0.0.1:${server.port}`, FROM, { timeoutMs });
  open.push(server, mailer);
  return { server, mailer };
}

describe('the e-mail that a customer gets', () => {
  it('arrives with sender, recipient, subject and text', async () => {
    const { server, mailer } = await setUp();
    expect(mailer.configured).toBe(true);
    expect(await mailer.send(EMAIL)).toEqual({ kind: 'delivered', status: 250 });
    const [mail] = server.mails;
    expect(mail?.from).toBe('MAIL FROM:<bot@onramp.example>');
    expect(mail?.to).toEqual(['RCPT TO:<pat@customer.example>']);
    expect(mail?.headers).toMatchObject({
      from: ['OnRamp <bot@onramp.example>'],
      to: ['pat@customer.example'],
      subject: ['Project created: Acme'],
      'auto-submitted': ['auto-generated'],
    });
    expect(mail?.raw).toContain('\r\n\r\nA project was created.');
  });

  it('has one Message-ID on every try, so that the second copy can be dropped', async () => {
    const { server, mailer } = await setUp();
    await mailer.send(EMAIL);
    await mailer.send(EMAIL);
    await mailer.send({ ...EMAIL, id: 'mail_2' });
    expect(server.mails.map(({ headers }) => headers['message-id'])).toEqual([
      ['<mail_1@onramp.example>'],
      ['<mail_1@onramp.example>'],
      ['<mail_2@onramp.example>'],
    ]);
  });

  it('cannot be given a header by a project whose name has line ends', async () => {
    const { server, mailer } = await setUp();
    const subject = 'Acme\r\nBcc: thief@evil.example\r\n\r\nbody\u2028x\0y';
    expect(await mailer.send({ ...EMAIL, subject })).toMatchObject({ kind: 'delivered' });
    expect(server.mails[0]?.headers).not.toHaveProperty('bcc');
    expect(server.mails[0]?.headers.subject).toEqual(['Acme Bcc: thief@evil.example body x y']);
  });

  it('has the same headers and one recipient, whatever the subject is', async () => {
    const { server, mailer } = await setUp();
    const names = ['auto-submitted', 'content-transfer-encoding', 'content-type', 'date', 'from'];
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (subject) => {
        await mailer.send({ ...EMAIL, subject });
        const mail = server.mails.at(-1);
        const others = ['message-id', 'mime-version', 'subject', 'to'];
        expect(
          Object.keys(mail?.headers ?? {})
            .filter((name) => name !== 'subject')
            .sort(),
        ).toEqual([...names, ...others].filter((name) => name !== 'subject'));
        expect(mail?.to).toEqual(['RCPT TO:<pat@customer.example>']);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    'pat@customer.example\r\nBcc: thief@evil.example',
    'pat@customer.example\n',
    'pat@customer.example, thief@evil.example',
    'pat@customer.example;thief@evil.example',
    '"thief@evil.example x"@customer.example',
    'Pat <pat@customer.example>',
    'pat@customer.example> ORCPT=x',
    'pat',
    '@customer.example',
    'a@b@c',
    '',
  ])('goes to nobody when the stored address is %j', async (to) => {
    const { server, mailer } = await setUp();
    const result = await mailer.send({ ...EMAIL, to });
    expect(result).toEqual({
      kind: 'failed',
      permanent: true,
      reason: expect.stringContaining('notify_email'),
    });
    expect(server.commands).toEqual([]);
  });

  it('never reads a file or a page that its text names', async () => {
    const { server, mailer } = await setUp();
    await mailer.send({ ...EMAIL, text: '/etc/passwd file:///etc/passwd http://127.0.0.1/' });
    expect(server.mails[0]?.raw).toContain('/etc/passwd file:///etc/passwd http://127.0.0.1/');
  });
});

describe('a mail server in trouble', () => {
  it.each<[string, SmtpScript, boolean, string]>([
    ['refuses the recipient for good', { RCPT: '550 no t0ken' }, true, 'notify_email'],
    ['refuses the recipient for now', { RCPT: '450 t0ken later' }, false, '450'],
    ['refuses the mail for good', { END: '554 t0ken spam' }, true, '554'],
    ['refuses the mail for now', { END: '451 t0ken later' }, false, '451'],
    ['refuses our sender', { MAIL: '550 t0ken not you' }, false, 'MAIL_FROM'],
    ['is too busy to greet', { GREETING: '421 t0ken busy' }, false, '421'],
    ['never greets', { GREETING: 'hang' }, false, 'SMTP_URL'],
    ['hangs up at the recipient', { RCPT: 'drop' }, false, 'SMTP_URL'],
    ['hangs up before it confirms the mail', { END: 'drop' }, false, 'SMTP_URL'],
    ['never confirms the mail', { END: 'hang' }, false, 'SMTP_URL'],
  ])('that %s is reported without its words', async (_what, script, permanent, hint) => {
    const { mailer } = await setUp(script);
    const result = await mailer.send(EMAIL);
    expect(result).toEqual({ kind: 'failed', permanent, reason: expect.stringContaining(hint) });
    expect(JSON.stringify(result)).not.toContain('t0ken');
  });

  it('that refuses the password is tried again, and the password is not shown', async () => {
    const { server, mailer } = await setUp({ AUTH: '535 bad p4ss' }, 'user:p4ss@');
    const result = await mailer.send(EMAIL);
    expect(result).toEqual({ kind: 'failed', permanent: false, reason: expect.stringContaining('SMTP_URL') });
    expect(JSON.stringify(result)).not.toContain('p4ss');
    expect(server.mails).toEqual([]);
  });

  it('that is down is tried again', async () => {
    const { server, mailer } = await setUp();
    await server.close();
    const result = await mailer.send(EMAIL);
    expect(result).toEqual({
      kind: 'failed',
      permanent: false,
      reason: expect.stringContaining('could not be reached'),
    });
    open.splice(0, 1);
  });
});

describe('a mail server that offers no encryption', () => {
  /** Not a name for this machine, and yet it is this one. */
  const elsewhere = (port: number) => `smtp://app:p4ss@0.0.0.0:${port}?requireTLS=false&ignoreTLS=true`;

  it('gets neither the password nor the e-mail, which is parked with what to do', async () => {
    const server = await startSmtpServer();
    const mailer = createMailer(elsewhere(server.port), FROM, { timeoutMs: 2000 });
    open.push(server, mailer);
    const result = await mailer.send(EMAIL);
    expect(result).toMatchObject({ kind: 'failed', permanent: true });
    expect(JSON.stringify(result)).toContain('SMTP_ALLOW_PLAIN=true');
    expect(server.commands.join('\n')).not.toMatch(/AUTH|MAIL FROM/);
  });

  it.each(['454 4.7.0 TLS not available due to local problem', '421 4.3.2 shutting down'])(
    'for the moment (%s) gets neither, and is tried again',
    async (reply) => {
      const server = await startSmtpServer({ STARTTLS: reply });
      const mailer = createMailer(elsewhere(server.port), FROM, { timeoutMs: 2000 });
      open.push(server, mailer);
      expect(await mailer.send(EMAIL)).toEqual({
        kind: 'failed',
        permanent: false,
        reason: `The mail server could not take the e-mail now (${reply.slice(0, 3)}).`,
      });
      expect(server.commands.join('\n')).not.toMatch(/AUTH|MAIL FROM/);
    },
  );

  it('gets them where the operator said so', async () => {
    const server = await startSmtpServer();
    const mailer = createMailer(elsewhere(server.port), FROM, { allowPlain: true });
    open.push(server, mailer);
    expect(await mailer.send(EMAIL)).toMatchObject({ kind: 'delivered' });
  });
});

describe('a bot without e-mail settings', () => {
  it.each<[string | null, string | null, string]>([
    [null, FROM, 'SMTP_URL is not set'],
    [null, null, 'SMTP_URL is not set'],
    ['http://mail.example/p4ss', FROM, 'SMTP_URL is not an smtp'],
    ['p4ss', FROM, 'SMTP_URL is not an smtp'],
    ['smtp://127.0.0.1:9', null, 'MAIL_FROM'],
    ['smtp://127.0.0.1:9', 'nobody', 'MAIL_FROM'],
    ['smtp://127.0.0.1:9', 'a@b.example\r\nBcc: c@d.example', 'MAIL_FROM'],
  ])('with SMTP_URL %j and MAIL_FROM %j parks every e-mail and says why', async (url, from, why) => {
    const mailer = createMailer(url, from);
    expect(mailer.configured).toBe(false);
    const result = await mailer.send(EMAIL);
    expect(result).toEqual({ kind: 'failed', permanent: true, reason: expect.stringContaining(why) });
    expect(JSON.stringify(result)).not.toContain('p4ss');
    mailer.close();
  });

  it.each([
    ['bot@onramp.example', 'bot@onramp.example'],
    ['"On, Ramp" <bot@onramp.example>', '"On, Ramp" <bot@onramp.example>'],
  ])('accepts %j as MAIL_FROM', async (from, header) => {
    const server = await startSmtpServer();
    const mailer = createMailer(`smtp://127.0.0.1:${server.port}`, from);
    open.push(server, mailer);
    expect(await mailer.send(EMAIL)).toMatchObject({ kind: 'delivered' });
    expect(server.mails[0]?.headers.from).toEqual([header]);
  });
});
