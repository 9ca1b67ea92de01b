// The figures that are read from the database at each scrape.
import { Gauge, type Registry } from 'prom-client';
import { OPEN_STATUSES } from '../domain/batch.ts';
import type { Gauges } from '../store/gauges.ts';

export type Figures = {
  /** Null: the database can't be reached. Its figures are left out then, rather than shown as they were. */
  set(gauges: Gauges | null): void;
};

/** Registers the gauges. */
export function createFigures(registry: Registry): Figures {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `retry_batch_${name}`, help, labelNames, registers: [registry] });
  const up = gauge('database_up', 'Whether the database answered this scrape');
  const batches = gauge('open_batches', 'Batches that have not ended, by status', 'status');
  const notifications = gauge('notifications', 'Notifications that are not delivered', 'status');
  const plain = {
    brakeOn: gauge('brake_on', 'Whether the emergency brake is on'),
    oldestRunSeconds: gauge('oldest_open_run_seconds', 'Age of the oldest run that has not ended'),
    oldestNotificationSeconds: gauge(
      'oldest_queued_notification_seconds',
      'Age of the oldest notification that is still to be delivered',
    ),
    threadsFailing: gauge('slack_threads_failing', 'Threads that Slack refused or could not be reached for'),
    threadDelaySeconds: gauge('slack_thread_delay_seconds', 'How long the most belated thread is behind'),
  };
  return {
    set: (gauges) => {
      up.set(gauges === null ? 0 : 1);
      for (const one of [batches, notifications, ...Object.values(plain)]) one.reset();
      if (gauges === null) {
        for (const one of Object.values(plain)) one.remove();
        return;
      }
      for (const status of OPEN_STATUSES) batches.set({ status }, gauges.open[status] ?? 0);
      notifications.set({ status: 'queued' }, gauges.notificationsQueued);
      notifications.set({ status: 'parked' }, gauges.notificationsParked);
      plain.brakeOn.set(gauges.brakeOn ? 1 : 0);
      plain.oldestRunSeconds.set(gauges.oldestRunSeconds);
      plain.oldestNotificationSeconds.set(gauges.oldestNotificationSeconds);
      plain.threadsFailing.set(gauges.threadsFailing);
      plain.threadDelaySeconds.set(gauges.threadDelaySeconds);
    },
  };
}
