import type { AskAs } from '../client.ts';
import { change, type Journey, type Step } from './step.ts';

const cleo = { username: 'cleo', email: 'cleo@journey.example', groups: ['service'], teams: ['south'] };

/** The names of the users, or of those of a team. */
async function usernames(ask: AskAs, team: string | null): Promise<string[]> {
  const { users } = await ask<{ users: { nodes: { username: string }[] } }>(
    'query($team: String) { users(team: $team, first: 50) { nodes { username groups teams } } }',
    { team },
  );
  return users.nodes.map(({ username }) => username);
}

async function invite({ as, ids }: Journey): Promise<void> {
  const ask = await as('admin');
  const id = await change(ask, 'inviteUser', 'InviteUserInput', cleo);
  const again = await change(ask, 'inviteUser', 'InviteUserInput', cleo);
  if (again !== id) throw new Error('the same invitation made another user');
  ids.set('user', id);
}

async function moveAndDisable({ as, ids }: Journey): Promise<void> {
  const ask = await as('admin');
  const id = ids.get('user');
  const moved = { id, name: 'Cleo', groups: ['marketing'], teams: ['north'] };
  await change(ask, 'updateUser', 'UpdateUserInput', moved);
  await change(ask, 'disableUser', 'UserInput', { id });
  await change(ask, 'enableUser', 'UserInput', { id });
  for (const team of [null, 'north']) {
    if (!(await usernames(ask, team)).includes('cleo'))
      throw new Error(`cleo is not in ${team ?? 'the firm'}`);
  }
  if ((await usernames(ask, 'south')).includes('cleo')) throw new Error('cleo is still in south');
}

/** A colleague comes, and works elsewhere. */
export const teamSteps: readonly Step[] = [
  { name: 'a colleague is invited, and invited again', run: invite },
  { name: 'the colleague is moved, disabled, enabled and found', run: moveAndDisable },
];
