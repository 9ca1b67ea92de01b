import { REQUEST_FIELDS } from '../../../src/domain/request.ts';
import { helpExamples, helpText } from '../../../src/slack/command/help.ts';
import { asked, NOW, throughSlack } from './asked.ts';

describe('/retry-batch help', () => {
  test('has three examples that can be sent as they are', () => {
    const examples = helpExamples(NOW);
    expect(examples).toHaveLength(3);
    for (const example of examples) {
      expect(helpText(NOW)).toContain(`\`${example}\``);
      expect(asked(throughSlack(example)).dry_run).toBe(true);
    }
  });

  test('names every field with its short form, and what happens by default', () => {
    const text = helpText(NOW);
    for (const field of REQUEST_FIELDS.filter((name) => name !== 'dry_run'))
      expect(text).toContain(`\`${field}\``);
    for (const short of ['vendor', 'ramp', 'ids', 'error', 'suppress', 'force', 'rest', 'for'])
      expect(text).toContain(`\`${short}\``);
    expect(text).toMatch(/Default in Slack: \*on\*/);
    expect(text).toMatch(/Every command is a dry run/);
  });

  test('fits one message and mentions nobody', () => {
    expect(helpText(NOW).length).toBeLessThan(3000);
    expect(helpText(NOW)).not.toMatch(/[<>&@]/);
  });
});
