import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type Api, type Created, startApi, users } from '../support/api.ts';

const api = await startApi();
afterAll(() => api.aws.close());

// Whatever is asked for at the same time: an identity belongs to the one customer whose profile names it, and every
// identity in a profile is found.

const emails = ['a', 'b', 'c', 'd'].map((name) => ({ kind: 'EMAIL', value: `${name}@example.com` }));
const some = fc.subarray(emails);

type Step =
  | { readonly kind: 'create'; readonly request: string; readonly identities: typeof emails }
  | {
      readonly kind: 'update';
      readonly nth: number;
      readonly add: typeof emails;
      readonly remove: typeof emails;
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('create' as const),
    request: fc.constantFrom('1', '2', '3'),
    identities: some,
  }),
  fc.record({ kind: fc.constant('update' as const), nth: fc.nat(2), add: some, remove: some }),
);

/** Groups of steps: those of a group run at the same time. */
const story = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });

async function run(groups: readonly (readonly Step[])[]) {
  const known: string[] = [];
  for (const group of groups) {
    const envelopes = await Promise.all(group.map((one) => send(api, one, known)));
    for (const envelope of envelopes) {
      if (envelope?.ok) known.push((envelope.value as Created).id);
      else if (envelope) expect(envelope.error.code).toMatch(/^(CUSTOMER\.EMAIL_TAKEN|REQUEST\.ID_REUSED)$/);
    }
  }
}

async function send({ call }: Api, one: Step, known: readonly string[]) {
  if (one.kind === 'create') {
    const { request: clientRequestId, identities } = one;
    const input = { clientRequestId, kind: 'PERSON', name: 'Ada', identities };
    return call(users.admin, 'Mutation.createCustomer', { input });
  }
  const id = [...new Set(known)][one.nth];
  if (!id) return undefined;
  const input = { id, addIdentities: one.add, removeIdentities: one.remove };
  return call(users.admin, 'Mutation.updateCustomer', { input });
}

test('an identity belongs to one customer, whose profile names it, whatever happens at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (groups) => {
      api.aws.clear();

      await run(groups);

      const items = api.aws.items();
      const held = items
        .filter(({ sk }) => sk?.S === 'customer')
        .map(({ key, customerId }) => `${key?.S} ${customerId?.S}`);
      const named = items
        .filter(({ sk }) => sk?.S === 'view#profile')
        .flatMap(({ id, identities }) =>
          (identities?.L ?? []).map(({ M }) => `EMAIL||${encodeURIComponent(M?.value?.S ?? '')} ${id?.S}`),
        );
      expect(held.sort()).toEqual(named.sort());
    }),
    { numRuns: 40 },
  );
});
