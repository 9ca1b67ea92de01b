import type { Instant } from '../../src/domain/instant.ts';
import type { ExecutionRow } from '../../src/domain/plan.ts';

/** Which execution a row of a list is about. */
export const row: ExecutionRow = {
  executionUuid: '3f2a9c1e-0000-4000-8000-000000000001',
  vendorId: 7,
  vendorName: 'Acme',
  rampUuid: '3f2a9c1e-0000-4000-8000-000000000002',
  rampName: 'Onboarding',
  createdAt: '2026-05-11T12:30:00.000000Z' as Instant,
};
