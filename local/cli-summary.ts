import { relative } from 'node:path';
import type { Cloud } from './cloud.ts';

/** Kinds of resources that say what a stack is, by type: one and several. */
const KINDS: Readonly<Record<string, readonly [one: string, several: string]>> = {
  'AWS::AppSync::GraphQLApi': ['API', 'APIs'],
  'AWS::Lambda::Function': ['function', 'functions'],
  'AWS::DynamoDB::Table': ['table', 'tables'],
  'AWS::Events::EventBus': ['bus', 'buses'],
  'AWS::Events::Rule': ['rule', 'rules'],
  'AWS::SQS::Queue': ['queue', 'queues'],
  'AWS::Scheduler::Schedule': ['schedule', 'schedules'],
  'AWS::S3::Bucket': ['bucket', 'buckets'],
};

/** What runs, in one line. */
export function runsLine({ stack, runs }: Pick<Cloud, 'stack' | 'runs'>): string {
  const counted = Object.entries(KINDS).flatMap(([type, [one, several]]) => {
    const count = runs.get(type) ?? 0;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
  });
  return `${stack.tenant} runs ${counted.join(', ')}`;
}

/** What is known and does nothing here, a line for each reason. */
export function inertLines({ inert }: Pick<Cloud, 'inert'>): string[] {
  return [...Map.groupBy(inert, ({ reason }) => reason)].map(
    ([reason, types]) => `  ${types.map(({ type, count }) => `${count} ${type}`).join(', ')}: ${reason}`,
  );
}

/** Where everything is, in one line. */
export function readyLine({ stack }: Pick<Cloud, 'stack'>, stackFile: string, logDir: string): string {
  const { tenant, graphqlUrl, realtimeUrl, cognitoUrl, awsEndpointUrl, mailUrl, smtpUrl, consoleUrl } = stack;
  const places = [
    ...(consoleUrl === undefined ? [] : [`console ${consoleUrl}`]),
    `GraphQL ${graphqlUrl}`,
    `socket ${realtimeUrl}`,
    `sign-in ${cognitoUrl}`,
    `AWS APIs ${awsEndpointUrl}`,
    `what was sent ${mailUrl}`,
    `SMTP ${smtpUrl}`,
  ];
  const file = relative('', stackFile);
  return `${tenant} is ready: ${places.join(', ')}; logs in ${relative('', logDir)}, users and keys in ${file}`;
}
