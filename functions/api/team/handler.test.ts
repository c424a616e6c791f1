import { afterAll, expect, test } from 'vitest';
import { startApi } from '../../../test/support/api.ts';
import { user } from '../../../test/support/domain.ts';

const api = await startApi();
afterAll(() => api.aws.close());

test('me is who asks, with roles and teams apart', async () => {
  const ada = user('ada', ['sales', 'service'], ['north', 'south']);

  expect(await api.ask(ada, 'Query.me', {})).toEqual({
    id: 'usr_ada',
    username: 'ada',
    groups: ['sales', 'service'],
    teams: ['north', 'south'],
  });
  expect(api.aws.takeConsumed()).toEqual([]);
});
