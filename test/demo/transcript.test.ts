// The demo's own check of itself: a transcript is worth something only if it can say no.
import { readFile } from 'node:fs/promises';
import { agree, readReport } from '../../src/dev/demo/recount.ts';
import { playTranscript } from '../../src/dev/demo/transcript.ts';
import { queryOnce } from '../../src/dev/postgres/with-client.ts';

async function play(tamper?: string): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const code = await playTranscript({
    print: (line) => lines.push(line),
    beforeRecount: async (url) => {
      if (tamper !== undefined) await queryOnce(url, tamper);
    },
  });
  return { code, text: lines.join('\n') };
}

describe('the transcript of the incident', () => {
  it('shows the dry run, the refusal, the approval and the report, and ends with both sides of the equation', async () => {
    const { code, text } = await play();
    expect(text).toContain('Replay 111 failed executions?');
    expect(text).toMatch(/only she sees:[\s\S]*not mapped to an OnRamp user/);
    expect(text).toMatch(/Approved.* by @Priya Raman/);
    expect(text).toMatch(/154 = \d+ succeeded \+ \d+ failed \+ \d+ skipped \+ 19 not reached/);
    expect(text).toContain('They agree.');
    expect(text).not.toContain('not drawn]');
    expect(code).toBe(0);
    const [, matched, eligible] =
      /which matches (\d+), (\d+) of them/.exec(await readFile('docs/on-call.md', 'utf8')) ?? [];
    expect(text).toMatch(new RegExp(`Replay ${eligible} failed executions[^]*Matched ${matched}\\b`));
  });

  it('fails when a project that the report counts is gone', async () => {
    const { code, text } = await play(`
      with victim as (
        select p.id from or_projects p join or_workflow_history h on h.execution_id = p.execution_id limit 1),
      tasks as (delete from or_project_tasks where project_id in (select id from victim))
      delete from or_projects where id in (select id from victim)`);
    expect(text).toContain('THEY DO NOT AGREE.');
    expect(code).toBe(1);
  });
});

describe('reading a report', () => {
  it('takes figures with thousands separators', () => {
    const text = '1,154 = 1,000 succeeded + 50 failed + 100 skipped + 4 not reached';
    expect(readReport(text)).toEqual({ matched: 1154, succeeded: 1000, failed: 50, left: 104 });
  });

  it('does not agree with an equation that does not add up', () => {
    const side = { matched: 3, succeeded: 1, failed: 1, left: 0 };
    expect(agree(side, side)).toBe(false);
  });
});
