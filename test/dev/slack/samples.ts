// Small pieces of Block Kit, each valid, for tests to put together and to break.

export const plain = (text: string) => ({ type: 'plain_text', text }) as const;
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text }) as const;
export const section = (text: unknown) => ({ type: 'section', text });
export const button = (more: object = {}) => ({
  type: 'button',
  action_id: 'go',
  text: plain('Go'),
  ...more,
});
export const actions = (...elements: unknown[]) => ({ type: 'actions', elements });
export const confirm = (more: object) => actions(button({ confirm: { text: plain('Sure?'), ...more } }));
export const option = (more: object = {}) => ({ text: plain('One'), value: '1', ...more });
export const options = (n: number) => times(n, (i) => option({ value: `${i}` }));
export const select = (more: object = {}) => ({
  type: 'static_select',
  action_id: 'pick',
  options: options(1),
  ...more,
});
export const raw = (text: string) => ({ type: 'raw_text', text });
export const table = (rows: unknown[][]) => ({ type: 'table', rows });
export const dataTable = (rows: unknown[][], more: object = {}) => ({
  type: 'data_table',
  caption: 'c',
  rows,
  ...more,
});
export const divider = { type: 'divider' };
export const input = (element: object) => ({ type: 'input', label: plain('Why'), element });
export const modal = (more: object = {}) => ({
  type: 'modal',
  title: plain('Title'),
  blocks: [divider],
  ...more,
});
export const card = (status: string) => ({ type: 'task_card', task_id: '1', title: 't', status });

export function times<T>(n: number, make: (index: number) => T): T[] {
  return Array.from({ length: n }, (_, index) => make(index));
}

/** Text of this many characters. */
export const x = (length: number): string => 'x'.repeat(length);
