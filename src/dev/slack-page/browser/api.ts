// The page's calls to the server. A refusal is thrown with the server's words.

async function answerOf(response: Response): Promise<unknown> {
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const { error } = answer as { error?: unknown };
  throw new Error(typeof error === 'string' ? error : `the local Slack answered ${response.status}`);
}

/** What the server says at this path. */
export const get = async <Answer>(path: string): Promise<Answer> =>
  (await answerOf(await fetch(path, { headers: { accept: 'application/json' } }))) as Answer;

/** Asks for something to happen. */
export const post = async <Answer>(path: string, body: unknown): Promise<Answer> => {
  const headers = { 'content-type': 'application/json' };
  return (await answerOf(
    await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }),
  )) as Answer;
};
