// What customers lack, in a sentence: `87 of 111 missing projects of 6 customers were created; 24 projects of 3 customers are still missing.`
import type { Missing } from '../../domain/customers.ts';
import { count, counted } from './figures.ts';

/** Before a run: eligible means that it is missing. No line where nothing is, or where an earlier release did not count customers. */
export function missingBefore({ projects, customers }: Pick<Missing, 'projects' | 'customers'>): string[] {
  if (projects === 0 || customers === 0) return [];
  const are = projects === 1 ? 'is' : 'are';
  return [`${counted(projects, 'project')} of ${counted(customers, 'customer')} ${are} missing.`];
}

/** After it; no line where nothing was. What others made meanwhile is missing no more, and is not the run's. */
export function missingLine(missing: Missing): string[] {
  return missing.projects === 0 ? [] : [`${created(missing)}${still(missing)}`];
}

/** The same in few words: what is missing still. */
export function stillMissing({ missing, missingCustomers }: Missing): string[] {
  if (missing === 0) return [];
  return [`${counted(missing, 'project')} of ${counted(missingCustomers, 'customer')} still missing.`];
}

function created({ projects, customers, created, others, missing }: Missing): string {
  const whose = `missing project${projects === 1 ? '' : 's'} of ${counted(customers, 'customer')}`;
  const were = (rows: number) => (rows === 1 ? 'was' : 'were');
  if (missing === projects)
    return projects === 1
      ? `The ${whose} is still missing.`
      : `All ${count(projects)} ${whose} are still missing.`;
  const end = missing === 0 ? '.' : '; ';
  const by = others === 0 ? '' : created === 0 ? ' by others' : `, ${count(others)} more by others`;
  const done = created === 0 ? others : created;
  const many =
    done < projects
      ? `${count(done)} of ${count(projects)}`
      : projects === 1
        ? 'The'
        : `All ${count(projects)}`;
  return `${many} ${whose} ${were(done)} created${by}${end}`;
}

function still({ projects, missing, missingCustomers }: Missing): string {
  if (missing === 0 || missing === projects) return '';
  const are = missing === 1 ? 'is' : 'are';
  return `${counted(missing, 'project')} of ${counted(missingCustomers, 'customer')} ${are} still missing.`;
}
