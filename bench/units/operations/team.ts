import { idLeftBy, input, leftBy, mutation, type Operation, ofRows, page } from './operation.ts';

const user = 'id username email name groups teams enabled';

const colleague = {
  username: 'cleo',
  email: 'cleo@demo.example',
  name: 'Cleo',
  groups: ['service'],
  teams: ['south'],
};

/** Colleagues, and what they are told. */
export const teamOperations: readonly Operation[] = [
  {
    name: 'list 20 notifications',
    field: 'Query.notifications',
    as: 'sales',
    query: `{ notifications(first: 20) { nodes { id rule title customerId subjectId createdAt readAt } ${page} } }`,
  },
  {
    name: 'mark a notification as read',
    field: 'Mutation.markNotificationsRead',
    as: 'sales',
    query: mutation('markNotificationsRead', 'MarkNotificationsReadInput', ofRows('notification')),
    ...input((firm) => ({ ids: [idLeftBy('notification', firm)] })),
  },
  { name: 'who am I', field: 'Query.me', as: 'sales', query: `{ me { ${user} } }` },
  {
    name: 'list 20 users',
    field: 'Query.users',
    as: 'admin',
    query: `{ users(first: 20) { nodes { ${user} } ${page} } }`,
  },
  { name: 'list the teams', field: 'Query.teams', as: 'admin', query: '{ teams { name } }' },
  {
    name: 'invite a user',
    field: 'Mutation.inviteUser',
    as: 'admin',
    query: mutation('inviteUser', 'InviteUserInput', 'id'),
    ...input(() => colleague),
    leaves: true,
  },
  {
    name: 'change a user',
    field: 'Mutation.updateUser',
    as: 'admin',
    query: mutation('updateUser', 'UpdateUserInput', 'id'),
    ...leftBy('invite a user', { name: 'Cleo C.', teams: ['north'] }),
  },
  {
    name: 'disable a user',
    field: 'Mutation.disableUser',
    as: 'admin',
    query: mutation('disableUser', 'UserInput', 'id'),
    ...leftBy('invite a user'),
  },
  {
    name: 'enable a user',
    field: 'Mutation.enableUser',
    as: 'admin',
    query: mutation('enableUser', 'UserInput', 'id'),
    ...leftBy('invite a user'),
  },
];
