// The first rows of a CSV file, as Slack shows them under the file.
import { type Html, html } from '../render/html.ts';

const MOST_ROWS = 5;
const LONGEST = 64 * 1024;

/** The first `rows` records of RFC 4180 text. */
export function firstRecords(text: string, rows: number): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length && records.length < rows; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',' || character === '\n') {
      record.push(field.replace(/\r$/, ''));
      field = '';
      if (character === '\n') {
        records.push(record);
        record = [];
      }
    } else field += character;
  }
  if (records.length < rows && (field !== '' || record.length > 0)) records.push([...record, field]);
  return records;
}

/** A small table of the file's beginning. */
export function csvPreview(content: Buffer): Html {
  const text = content
    .subarray(0, LONGEST)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const [head = [], ...rows] = firstRecords(text, MOST_ROWS);
  return html`<details class="csv"><summary>Preview</summary><div class="table-box" role="region" tabindex="0" aria-label="The file's first rows"><table class="blocks-table">
<thead><tr>${head.map((one) => html`<th scope="col" class="cell">${one}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((one) => html`<td class="cell">${one}</td>`)}</tr>`)}</tbody></table></div></details>`;
}
