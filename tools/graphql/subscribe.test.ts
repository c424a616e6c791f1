import { expect, test } from 'vitest';
import { realtimeUrl } from './subscribe.ts';

test.each([
  ['http://127.0.0.1:4000/graphql', 'ws://127.0.0.1:4000/graphql/realtime'],
  ['https://crm.example.com/graphql', 'wss://crm.example.com/graphql/realtime'],
  [
    'https://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-2.amazonaws.com/graphql',
    'wss://abcdefghijklmnopqrstuvwxyz.appsync-realtime-api.eu-west-2.amazonaws.com/graphql',
  ],
])('the socket of %s is at %s', (graphqlUrl, socketUrl) => {
  expect(realtimeUrl(graphqlUrl)).toBe(socketUrl);
});
