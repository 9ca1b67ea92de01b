// One line per edge of a batch's life, with its id, so that one batch can be followed through all processes. Figures
// and our own words only: no text out of data, no e-mail address.
import type { AuditEvent, EvidenceField } from '../domain/audit.ts';
import type { Actor } from '../domain/person.ts';
import type { Observer } from '../engine/observer.ts';
import type { Log } from '../log.ts';
import { reasonCode } from './reason-code.ts';

/** Words of the evidence that are the program's own. */
const OWN_WORDS: ReadonlySet<string> = new Set<EvidenceField>([
  'rule',
  'status',
  'because',
  'attempted',
  'door',
]);

/** Writes edges at `info`, single replays at `debug`. */
export function createEdgeLog(log: Log): Observer {
  return (observed) => {
    switch (observed.kind) {
      case 'edge': {
        const { batchId, action, actor, evidence } = observed.event;
        log.info(
          { ...(batchId === null ? {} : { batchId }), by: actorId(actor), ...figures(evidence) },
          action,
        );
        return;
      }
      case 'replay': {
        const { kind: _, seconds, reason, ...replay } = observed;
        log.debug({ ...replay, reason: reasonCode(reason), ms: Math.round(seconds * 1000) }, 'replayed');
        return;
      }
      case 'call': {
        const { kind: _, seconds, ...call } = observed;
        log.info({ ...call, ms: Math.round(seconds * 1000) }, 'endpoint called');
        return;
      }
      case 'not_reached': {
        const { batchId, rows } = observed;
        log.info({ batchId, rows }, 'not reached');
        return;
      }
      case 'planning':
        return;
    }
  };
}

function figures(evidence: AuditEvent['evidence']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(evidence).filter(([name, value]) => {
      if (typeof value === 'number' || typeof value === 'boolean') return true;
      return typeof value === 'string' && OWN_WORDS.has(name);
    }),
  );
}

function actorId(actor: Actor): string {
  switch (actor.kind) {
    case 'slack':
      return `slack:${actor.teamId}/${actor.userId}`;
    case 'session':
      return `user:${actor.user.id}`;
    case 'api_key':
      return `api-key:${actor.name}`;
    case 'system':
      return `system:${actor.name}`;
  }
}
