import { expect, test } from 'vitest';
import { inertLines, readyLine, runsLine } from './cli-summary.ts';
import type { StackInfo } from './cloud.ts';

const stack = {
  tenant: 'demo',
  graphqlUrl: 'http://127.0.0.1:4000/graphql',
  realtimeUrl: 'ws://127.0.0.1:4000/graphql/realtime',
  cognitoUrl: 'http://127.0.0.1:4000',
  awsEndpointUrl: 'http://127.0.0.1:4001',
  mailUrl: 'http://127.0.0.1:4000/mail',
  smtpUrl: 'smtp://127.0.0.1:4002',
} as unknown as StackInfo;

test('what runs is counted by kind', () => {
  const runs = new Map([
    ['AWS::Lambda::Function', 16],
    ['AWS::AppSync::GraphQLApi', 1],
    ['AWS::IAM::Role', 20],
  ]);
  expect(runsLine({ stack, runs })).toBe('demo runs 1 API, 16 functions');
});

test('what is inert stands under its reason', () => {
  const inert = [
    { type: 'A', count: 2, reason: 'nothing is measured here' },
    { type: 'B', count: 1, reason: 'nothing is measured here' },
  ];
  expect(inertLines({ inert })).toEqual(['  2 A, 1 B: nothing is measured here']);
});

test('where everything is stands in one line, with a console when there is one', () => {
  expect(readyLine({ stack }, '.local/stack.json', '.local/demo/logs')).toBe(
    'demo is ready: GraphQL http://127.0.0.1:4000/graphql, socket ws://127.0.0.1:4000/graphql/realtime, sign-in http://127.0.0.1:4000, AWS APIs http://127.0.0.1:4001, what was sent http://127.0.0.1:4000/mail, SMTP smtp://127.0.0.1:4002; logs in .local/demo/logs, users and keys in .local/stack.json',
  );
  const consoleUrl = 'http://127.0.0.1:4000/console';
  expect(readyLine({ stack: { ...stack, consoleUrl } }, 's', 'l')).toContain(
    `ready: console ${consoleUrl}, `,
  );
});
