// The form with any data, as Slack judges a view; what it says of what it keeps; and that nothing is lost on the way through.
import fc from 'fast-check';
import { validateView } from '../../../src/dev/slack/validation/validate.ts';
import { type Instant, instantOf } from '../../../src/domain/instant.ts';
import { formView, waitingView, wordsView } from '../../../src/slack/blocks/form.ts';
import { intoParts, type Prefill } from '../../../src/slack/blocks/form-fit.ts';
import { printMetadata, readMetadata } from '../../../src/slack/blocks/form-metadata.ts';
import { customerOption, workflowOption } from '../../../src/slack/blocks/form-options.ts';
import { fieldsIn } from '../../../src/slack/receive/form-values.ts';
import { text } from './arbitrary.ts';

const instant: fc.Arbitrary<Instant> = fc
  .tuple(
    fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }),
    fc.nat(999),
  )
  .map(
    ([at, micros]) =>
      instantOf(at.getTime()).replace(/000Z$/, `${String(micros).padStart(3, '0')}Z`) as Instant,
  );
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const reason = text.map((one) => one.slice(0, 200));
const maybe = <Value>(one: fc.Arbitrary<Value>) => fc.option(one, { nil: null });

const prefill: fc.Arbitrary<Prefill> = fc.record(
  {
    since: maybe(instant),
    until: maybe(instant),
    vendor_ids: maybe(fc.uniqueArray(id, { minLength: 1, maxLength: 150 })),
    ramp_uuids: maybe(fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 150 })),
    execution_uuids: maybe(fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 30 })),
    rest_of: maybe(fc.uuid()),
    error_pattern: maybe(text.map((one) => one.slice(0, 500)).filter((one) => one !== '')),
    suppress_notifications: fc.boolean(),
    force_retry: fc.boolean(),
    reason: maybe(reason.filter((one) => one.trim() !== '')),
  },
  { requiredKeys: [] },
);

const DRAFT = '0b8c4c52-6a1f-4d0e-8f3a-2d9b7c5e4a31';

function viewOf(request: Prefill, names: string, channelId: string | null, alert: string | null) {
  const { given, kept } = intoParts(request);
  return formView({
    draftId: DRAFT,
    teamId: 'T1',
    channelId,
    given,
    kept,
    names: {
      customers: new Map((given.vendor_ids ?? []).map((one) => [one, { id: one, name: names }])),
      workflows: new Map(
        (given.ramp_uuids ?? []).map((uuid) => [uuid, { uuid, name: names, customer: names }]),
      ),
    },
    changes: null,
    alert,
  });
}

/** What Slack sends back of inputs that nobody has touched. */
function untouched(view: ReturnType<typeof formView>) {
  const values: Record<string, Record<string, object>> = {};
  for (const block of view.blocks) {
    if (!('element' in block)) continue;
    const element = block.element as unknown as Record<string, unknown>;
    values[String(block.block_id)] = {
      [String(element.action_id)]: {
        value: element.initial_value ?? null,
        selected_date_time: element.initial_date_time ?? null,
        selected_option: element.initial_option ?? null,
        selected_options: element.initial_options ?? null,
      },
    };
  }
  return { values } as Parameters<typeof fieldsIn>[0];
}

test('whatever was asked, and whatever customers are called, Slack takes the form', () => {
  fc.assert(
    fc.property(
      prefill,
      text,
      maybe(fc.constantFrom('C0INCIDENT', '<!here>')),
      maybe(text),
      (request, names, channel, alert) => {
        const view = viewOf(request, names, channel, alert);
        expect(validateView(view)).toMatchObject({ ok: true });
        // Its words about where and what are read as markup: nobody is called, nothing is a link.
        const markup = JSON.stringify(view.blocks).match(/"type":"mrkdwn","text":"(?:[^"\\]|\\.)*"/g) ?? [];
        expect(markup.join().replaceAll('<#C0INCIDENT>', '')).not.toMatch(/<[!@#a-z]/);
      },
    ),
  );
});

test('a request goes through the form untouched and comes back as it was', () => {
  fc.assert(
    fc.property(prefill, (request) => {
      const { kept } = intoParts(request);
      const view = viewOf(request, 'Acme', 'C0INCIDENT', null);
      const metadata = readMetadata(view.private_metadata ?? '');
      if (metadata === null) throw new Error('the form can not read what it carries');
      const back = { ...kept, ...fieldsIn(untouched(view), metadata) };
      const window = 'execution_uuids' in kept || 'rest_of' in kept ? { since: null, until: null } : {};
      const expected = { suppress_notifications: true, force_retry: false, ...request, ...window };
      const asked = Object.entries(expected).filter(([, value]) => value !== null && value !== undefined);
      const canonical = (one: object) =>
        JSON.stringify(Object.entries(one).sort(([a], [b]) => a.localeCompare(b))).replaceAll(
          '.000000Z',
          'Z',
        );
      const keptWindow = (one: object) =>
        Object.fromEntries(
          Object.entries(one).filter(
            ([field]) => window.since === undefined || !['since', 'until'].includes(field),
          ),
        );
      expect(canonical(keptWindow(back))).toBe(canonical(Object.fromEntries(asked)));
    }),
  );
});

test('the views that stand in for it are ones that Slack takes, whatever the words', () => {
  expect(validateView(waitingView(DRAFT))).toMatchObject({ ok: true });
  for (const words of ['', 'x'.repeat(4000), `${'line\n'.repeat(2000)}`])
    expect(validateView(wordsView(words))).toMatchObject({ ok: true });
});

test('options have names within Slack’s limits, and two of the same name can be told apart', () => {
  fc.assert(
    fc.property(id, fc.uuid(), maybe(text), (number, uuid, name) => {
      for (const option of [
        customerOption({ id: number, name }),
        workflowOption({ uuid, name, customer: name }),
      ]) {
        expect([...option.text.text].length).toBeLessThanOrEqual(75);
        expect(option.text.text).not.toBe('');
        expect([...(option.description?.text ?? 'x')].length).toBeLessThanOrEqual(75);
      }
      expect(customerOption({ id: number, name }).text.text).toContain(String(number));
      const { text: named, description } = workflowOption({ uuid, name, customer: name });
      expect(`${named.text}${description?.text ?? ''}`).toContain(uuid.slice(0, 8));
    }),
  );
});

test('what a form carries is read back, and anything else is not', () => {
  const metadata = {
    draftId: DRAFT,
    teamId: 'T1',
    channelId: null,
    kept: ['rest_of'],
    since: null,
    until: null,
  };
  const printed = printMetadata(metadata);
  expect(readMetadata(printed)).toMatchObject(metadata);
  for (const other of ['', '{}', 'null', printed.replace('"v":1', '"v":2'), printed.replace(DRAFT, 'x')])
    expect(readMetadata(other)).toBeNull();
});
