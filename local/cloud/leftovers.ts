import type { Caller } from '../aws.ts';
import type { DeployedResource } from '../template/deploy.ts';
import type { Services } from './services.ts';

/**
 * Tables, queues and archives of the data folder that no stack has any more, by name. CloudFormation would have deleted
 * or retained them; here they stay and nothing reads them.
 */
export function leftoversOf(
  resources: readonly DeployedResource[],
  { dynamodb, sqs, events }: Pick<Services, 'dynamodb' | 'sqs' | 'events'>,
  admin: Caller,
): string[] {
  const known = new Set(resources.map(({ ref }) => ref));
  const { TableNames } = dynamodb.call('ListTables', {}, admin) as { TableNames: string[] };
  const { QueueUrls = [] } = sqs.call('ListQueues', {}, admin) as { QueueUrls?: string[] };
  const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);
  const queues = new Set([...known].map(nameOf));
  return [
    ...TableNames.filter((name) => !known.has(name)).map((name) => `table ${name}`),
    ...QueueUrls.map(nameOf)
      .filter((name) => !queues.has(name))
      .map((name) => `queue ${name}`),
    ...events.abandonedArchives().map((name) => `archive ${name}`),
  ];
}
