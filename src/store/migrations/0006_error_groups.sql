-- The same groups as before, for a fraction of the time where a message is full of numbers or quoted values: what is found is
-- not taken apart (no capturing parentheses), "not in the middle of a word" is a constraint and no character of its own, and
-- an opening quotation mark without its closing one is not looked for to the end of the text again and again.
create or replace function retry_batch.error_group(error_type text, error_message text) returns text
  language sql immutable parallel safe
return concat_ws(': ', left(error_type, 500), left(
  regexp_replace(
    regexp_replace(
      regexp_replace(
        regexp_replace(
          regexp_replace(
            left(error_message, 2000),
            '[[:alnum:]._%+-]+@[[:alnum:]-]+(?:\.[[:alnum:]-]+)+', '<email>', 'g'),
          '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}', '<uuid>', 'g'),
        '\Y(?:''[^'']*''|"[^"]*"|`[^`]*`|‘[^‘’]*’|“[^“”]*”)', '<value>', 'g'),
      -- Digits and letters both: digits alone are a number, however many there are.
      '\m(?:0[xX][0-9a-fA-F]+|(?=[a-fA-F]*[0-9])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{8,})\M', '<hex>', 'g'),
    '[0-9]+(?:[.,][0-9]+)*', '<n>', 'g'), 500));
