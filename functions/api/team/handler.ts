import { demandTenant } from '../../../domain/team/access.ts';
import { checkTeam } from '../../../domain/team/team.ts';
import type {
  MutationDisableUserArgs,
  MutationEnableUserArgs,
  MutationInviteUserArgs,
  MutationUpdateUserArgs,
  QueryUsersArgs,
} from '../../../graphql/generated/types.ts';
import { groupsOfEach } from '../../directory/groups.ts';
import { pageOfUsers } from '../../directory/page.ts';
import { type ApiRequest, apiHandler } from '../../runtime/api.ts';
import { tenantConfig } from '../../runtime/tenant-config.ts';
import { inviteUser } from './invite.ts';
import { disableUser, enableUser, updateUser } from './update.ts';
import { pageFields, toUserView, type UserView } from './view.ts';

export const handler = apiHandler({
  'Query.me': me,
  'Query.users': users,
  'Query.teams': async () => tenantConfig.teams.map((name) => ({ name })),
  'Mutation.inviteUser': ({ args, actor }: ApiRequest<MutationInviteUserArgs>) => {
    demandTenant(actor, 'users');
    return inviteUser(args.input);
  },
  'Mutation.updateUser': ({ args, actor }: ApiRequest<MutationUpdateUserArgs>) => {
    demandTenant(actor, 'users');
    return updateUser(args.input);
  },
  'Mutation.disableUser': ({ args, actor }: ApiRequest<MutationDisableUserArgs>) => {
    demandTenant(actor, 'users');
    return disableUser(args.input.id);
  },
  'Mutation.enableUser': ({ args, actor }: ApiRequest<MutationEnableUserArgs>) => {
    demandTenant(actor, 'users');
    return enableUser(args.input.id);
  },
});

/** Who asks, as the token says it: an id token has address and name, an access token has not. */
async function me({ actor, claims }: ApiRequest): Promise<UserView> {
  const { id, username, roles, teams } = actor;
  return { id, username, email: claims.email, name: claims.name, groups: roles, teams };
}

async function users({ args, selects }: ApiRequest<QueryUsersArgs>) {
  const team = args.team ? checkTeam(args.team, tenantConfig.teams) : undefined;
  const page = await pageOfUsers(team, args);
  const asksForGroups = ['nodes', 'edges/node'].some((path) =>
    ['groups', 'teams'].some((field) => selects(`${path}/${field}`, pageFields)),
  );
  const groups = asksForGroups ? await groupsOfEach(page.nodes) : [];
  const nodes = page.nodes.map((user, place) => toUserView(user, groups[place] ?? []));
  const edges = page.edges.map(({ cursor }, place) => ({ node: nodes[place], cursor }));
  return { ...page, nodes, edges };
}
