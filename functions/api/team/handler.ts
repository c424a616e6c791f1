import { apiHandler } from '../../runtime/api.ts';

export const handler = apiHandler({
  'Query.me': async ({ actor }) => ({
    id: actor.id,
    username: actor.username,
    groups: actor.roles,
    teams: actor.teams,
  }),
});
