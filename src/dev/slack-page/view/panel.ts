// The open tab of the drawer: what is outside of Slack.
import type { LocalSlack } from '../../slack/local-slack.ts';
import type { Outside } from '../outside.ts';
import { applicationHtml } from './application.ts';
import { causesHtml } from './causes.ts';
import { customersHtml } from './customers.ts';
import { executionsHtml } from './executions.ts';
import { faultsHtml } from './faults.ts';
import { trafficHtml } from './traffic.ts';

/** Its markup; nothing where no tab is open. */
export function panelHtml(slack: LocalSlack, outside: Outside, panel: string | undefined): string {
  switch (panel) {
    case 'traffic':
      return trafficHtml(slack).markup;
    case 'faults':
      return faultsHtml(slack).markup;
    case 'customers':
      return customersHtml(outside).markup;
    case 'executions':
      return executionsHtml(outside).markup;
    case 'application':
      return applicationHtml(outside).markup;
    case 'causes':
      return causesHtml(outside).markup;
    default:
      return '';
  }
}
