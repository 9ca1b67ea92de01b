// Who was hit: vendors, their integrations and workflows, and the people on call.

export type Vendor = {
  readonly id: number;
  readonly name: string;
  readonly crm: boolean;
  readonly email: string | null;
};

export const VENDORS: readonly Vendor[] = [
  { id: 1, name: 'Acme Logistics', crm: true, email: 'ops@acme.example' },
  { id: 2, name: 'Bluebird Health', crm: true, email: 'onboarding@bluebird.example' },
  { id: 3, name: 'Café Zürich & Söhne', crm: true, email: null },
  { id: 4, name: 'Delta <Systems>', crm: false, email: 'it@delta.example' },
  { id: 5, name: 'Evergreen 🌲 Energy', crm: true, email: 'hello@evergreen.example' },
  // Its token was revoked after it was configured: the filters can't see that, its replays fail.
  { id: 6, name: 'Foxglove Retail', crm: true, email: 'projects@foxglove.example' },
];

export type Integration = {
  readonly id: number;
  readonly vendorId: number;
  readonly configured: boolean;
  readonly revoked: boolean;
};

export const INTEGRATIONS: readonly Integration[] = [
  { id: 1, vendorId: 1, configured: true, revoked: false },
  { id: 2, vendorId: 2, configured: true, revoked: false },
  { id: 3, vendorId: 3, configured: true, revoked: false },
  { id: 4, vendorId: 4, configured: false, revoked: false },
  { id: 5, vendorId: 5, configured: true, revoked: false },
  { id: 6, vendorId: 6, configured: true, revoked: true },
];

export type Ramp = {
  readonly id: number;
  readonly vendorId: number;
  readonly name: string;
  readonly integrationId: number | null;
  readonly versions: 1 | 2 | 3;
  readonly status: 'published' | 'draft';
  readonly archived: boolean;
  readonly deleted: boolean;
};

const ramp = (
  id: number,
  vendorId: number,
  name: string,
  versions: 1 | 2 | 3,
  more: Partial<Ramp> = {},
): Ramp => ({
  id,
  vendorId,
  name,
  versions,
  integrationId: vendorId,
  status: 'published',
  archived: false,
  deleted: false,
  ...more,
});

export const RAMPS: readonly Ramp[] = [
  ramp(1, 1, 'New customer onboarding', 3),
  ramp(2, 1, 'Renewal', 2),
  ramp(3, 1, 'Partner set-up', 1, { deleted: true }),
  ramp(4, 2, 'Clinic onboarding', 2),
  ramp(5, 2, 'Data migration', 1),
  ramp(6, 2, 'Pilot', 1, { archived: true }),
  ramp(7, 3, 'Kaffee-Abo Einführung', 2),
  ramp(8, 3, 'Wholesale', 1, { status: 'draft' }),
  ramp(9, 4, 'Integration by CRM', 1),
  ramp(10, 4, 'Manual import', 2, { integrationId: null }),
  ramp(11, 5, 'Solar rollout', 3),
  ramp(12, 5, 'Battery rollout', 1),
  ramp(13, 5, 'Old grid programme', 1, { archived: true }),
  ramp(14, 6, 'Store opening', 2),
  ramp(15, 6, 'Franchise onboarding', 1),
];

export const USERS: readonly {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly admin: boolean;
  readonly slackUserId: string;
}[] = [
  { id: 1, email: 'nadia@onramp.example', name: 'Nadia Okafor', admin: false, slackUserId: 'U0ONCALL' },
  { id: 2, email: 'priya@onramp.example', name: 'Priya Raman', admin: true, slackUserId: 'U0ADMIN' },
  { id: 3, email: 'tomas@onramp.example', name: 'Tomás Herrera', admin: true, slackUserId: 'U0ADMIN2' },
];
