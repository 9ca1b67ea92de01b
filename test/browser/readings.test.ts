// What a tired person types, in the browser: the answer that they alone see, its command, and the one click that asks for it.
import { approveButton, sharedStage, type as typeInto, whispers } from './stage.ts';

const stage = sharedStage();

it('shows what was typed as a command to its person alone, and asks for the dry run at one click', async () => {
  const [nadia, priya] = await Promise.all([stage.open('U0ONCALL'), stage.open('U0ADMIN')]);
  await typeInto(nadia, '/retry-batch 2026-05-11 12:30 to 14:30 UTC new_task');
  const answer = whispers(nadia).filter({ hasText: 'This is how it was read' });
  await answer.waitFor();
  expect(await answer.textContent()).toContain(
    '/retry-batch since=2026-05-11T12:30:00Z until=2026-05-11T14:30:00Z error_pattern=new_task',
  );
  expect(await whispers(priya).count()).toBe(0);
  await answer.getByRole('button', { name: 'Run this dry run' }).click();
  await approveButton(priya).waitFor();
  await whispers(nadia).filter({ hasText: 'Asked:' }).waitFor();
  expect(await nadia.getByRole('button', { name: 'Run this dry run' }).count()).toBe(0);
});
