import { AdminListGroupsForUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { eachAtOnce } from '../runtime/at-once.ts';
import { client, UserPoolId } from './client.ts';
import type { DirectoryUser } from './users.ts';

/** The groups of the user pool that a user is in. */
export async function groupsOf({ username }: Pick<DirectoryUser, 'username'>): Promise<string[]> {
  const groups: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = { UserPoolId, Username: username, ...(NextToken ? { NextToken } : {}) };
    const answer = await client.send(new AdminListGroupsForUserCommand(page));
    groups.push(...(answer.Groups ?? []).flatMap(({ GroupName }) => GroupName ?? []));
    NextToken = answer.NextToken;
  } while (NextToken);
  return groups;
}

/**
 * Few, since all stacks of an account and region share what Cognito takes a second
 * (https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html).
 */
const readsAtOnce = 8;

/**
 * The groups of each user, in their order. Cognito tells groups user by user only; to list the members of each group
 * instead would be fewer calls in a small firm, but as many as the firm has users in a large one.
 */
export async function groupsOfEach(users: readonly DirectoryUser[]): Promise<string[][]> {
  const groups: string[][] = [];
  await eachAtOnce(readsAtOnce, users, async (user, place) => {
    groups[place] = await groupsOf(user);
  });
  return groups;
}
