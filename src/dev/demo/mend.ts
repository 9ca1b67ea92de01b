// Mends what makes replays of the seeded incident fail, as a customer or a colleague would: afterwards what was held or
// failed for that succeeds.
import pg from 'pg';
import type { Cause } from '../slack-page/outside.ts';

type Remedy = {
  readonly label: string;
  /** What somebody does about it. */
  readonly remedy: string;
  readonly mend: string;
};

const LACKS_NAME = `jsonb_typeof(trigger_payload -> 'account') = 'object' and trigger_payload #>> '{account,name}' is null`;
const LACKS_ACCOUNT = `status_code = 'ERROR' and jsonb_typeof(trigger_payload -> 'account') is distinct from 'object'`;

const REMEDIES: Readonly<Record<string, Remedy>> = {
  integration: {
    label: 'Token revoked',
    remedy: 'the customer reconnects the CRM',
    mend: 'update or_integrations set token_revoked_at = null where token_revoked_at is not null',
  },
  field: {
    label: "The account's name is missing in the trigger",
    remedy: 'the customer fills in the field, and the trigger has it',
    mend: `update or_ramp_executions
      set trigger_payload = jsonb_set(trigger_payload, '{account,name}', to_jsonb('Customer ' || id || ' Ltd'))
      where ${LACKS_NAME}`,
  },
  account: {
    label: 'The trigger has no related account',
    remedy: 'the customer relates one',
    mend: `update or_ramp_executions set trigger_payload = trigger_payload || jsonb_build_object('account',
        jsonb_build_object('id', '001r' || id, 'name', 'Customer ' || id || ' Ltd'))
      where ${LACKS_ACCOUNT}`,
  },
};

export const CAUSES: readonly Cause[] = Object.entries(REMEDIES).map(([value, { label, remedy }]) => ({
  value,
  label,
  remedy,
}));

/** Mends one cause in the demo's database; answers what was done, in words. */
export async function mendCause(databaseUrl: string, cause: string): Promise<string> {
  const chosen = Object.hasOwn(REMEDIES, cause) ? REMEDIES[cause] : undefined;
  if (!chosen) throw new Error('there is no such cause to mend');
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rowCount } = await client.query(chosen.mend);
    const rows = rowCount === 1 ? '1 row' : `${rowCount ?? 0} rows`;
    return rowCount === 0
      ? `${chosen.label}: mended already`
      : `${chosen.label}: ${rows} mended; ${chosen.remedy}`;
  } finally {
    await client.end();
  }
}
