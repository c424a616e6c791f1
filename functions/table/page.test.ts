import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Created, type Page, startApi, users } from '../../test/support/api.ts';

const api = await startApi();
afterAll(() => api.aws.close());

let source: Created;
beforeAll(async () => {
  source = await api.ask<Created>(users.nora, 'Mutation.createCustomer', {
    input: { kind: 'PERSON', name: 'Ada Byron' },
  });
  for (const n of [1, 2, 3]) {
    const at = `2026-01-0${n}T00:00:00Z`;
    await api.ask(users.nora, 'Mutation.logInteraction', {
      input: { customerId: source.id, channel: 'PHONE', direction: 'INBOUND', occurredAt: at },
    });
    await api.ask(users.nora, 'Mutation.placeOrder', {
      input: {
        customerId: source.id,
        source: 'shop',
        externalId: `${n}`,
        kind: 'SALE',
        placedAt: at,
        currency: 'GBP',
        lines: [{ code: 'A', quantity: '1', unitPrice: '1' }],
      },
    });
  }
});

const partsOf = (cursor: string | null): unknown[] =>
  JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString());
const cursorOf = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');

const forms = { 'Customer.timeline': 'timeline#', 'Customer.orders': 'order#' } as const;

describe.each(Object.entries(forms))('a cursor of %s', (field, prefix) => {
  const read = (args: object) => api.ask<Page<Created>>(users.nora, field, args, { source });

  test('names a place in the list, and nothing of the customer', async () => {
    const { pageInfo, nodes } = await read({ first: 1 });

    const parts = partsOf(pageInfo.endCursor);

    expect(parts).toEqual([expect.any(String), expect.stringMatching(`^${prefix}`)]);
    expect(JSON.stringify(parts)).not.toMatch(/ada|byron/i);
    const next = await read({ after: cursorOf(parts) });
    expect(next.nodes).toHaveLength(2);
    expect(next.nodes.map(({ id }) => id)).not.toContain(nodes[0]?.id);
  });

  test('that was tampered with is refused, and never an error of ours', async () => {
    const [list, place] = partsOf((await read({ first: 1 })).pageInfo.endCursor);
    const partition = `demo#${source.id}`;
    const forged: readonly unknown[] = [
      [],
      [list],
      [list, ''],
      [list, null],
      [list, 7],
      [list, [place]],
      [list, place, place],
      [list, partition, place],
      [list, 'demo#cus_00000000000000000000000000', place],
      [list, '', ''],
      [list, 'view#profile'],
      [list, prefix],
      [list, `${place}#`],
      [list, `${place}\n`],
      [list, `${prefix}\uD83D`],
      [list, `${prefix}${'0'.repeat(2000)}`],
      ['', place],
      { 0: list, 1: place, length: 2 },
    ];

    for (const parts of forged) {
      const refused = await api.refusal(users.nora, field, { after: cursorOf(parts) }, { source });
      expect([parts, refused]).toEqual([
        parts,
        {
          code: 'CURSOR.INVALID',
          message: expect.stringMatching(/is no cursor of this list: .* start again without after$/),
          info: { field: 'after' },
        },
      ]);
    }
  });
});
