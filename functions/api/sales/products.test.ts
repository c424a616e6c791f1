import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Created, type Page, pagesOf, startApi, users } from '../../../test/support/api.ts';
import { user } from '../../../test/support/domain.ts';

const api = await startApi();
afterAll(() => api.aws.close());
beforeEach(() => api.aws.clear());

const heart = {
  source: 'shop',
  code: '85123A',
  name: 'Heart T-light holder',
  category: 'Lights',
  price: { amount: '2.55', currency: 'GBP' },
};
const record = (input: object = {}, who = users.importer) =>
  api.ask<Created>(who, 'Mutation.recordProduct', { input: { ...heart, ...input } });
const refusal = (input: object = {}, who = users.importer) =>
  api.refusal(who, 'Mutation.recordProduct', { input: { ...heart, ...input } });
const products = (args: object = {}, who = users.analyst) =>
  api.ask<Page<Created>>(who, 'Query.products', { source: 'shop', ...args });
const recordMany = (rows: readonly object[]) =>
  api.ask<{ results: { product?: Created; error?: { code: string; message: string } }[] }>(
    users.importer,
    'Mutation.recordProducts',
    { input: { products: rows } },
  );

describe('recordProduct', () => {
  test('records a product that every way to read it gives', async () => {
    const product = await record();

    expect(product).toMatchObject({
      ...heart,
      id: expect.stringMatching(/^prd_[0-9A-Z]{26}$/),
      active: true,
      version: 1,
    });
    const { id } = product;
    expect(await api.ask(users.analyst, 'Query.product', { id })).toEqual(product);
    expect(await api.ask(users.analyst, 'Query.node', { id })).toEqual({ __typename: 'Product', ...product });
    expect((await products()).nodes).toEqual([product]);
    expect(api.aws.changes()).toMatchObject([
      {
        actor: 'usr_importer',
        events: [
          {
            type: 'crm.product.recorded.v1',
            subject: id,
            data: { productId: id, changedFields: ['name', 'category', 'price', 'active'] },
          },
        ],
      },
    ]);
  });

  test('changes the one of this source and code, and a repetition nothing more', async () => {
    const { id } = await record();

    const changed = await record({ name: 'Heart', category: null });

    expect(changed).toMatchObject({ id, name: 'Heart', version: 2 });
    expect(changed).not.toHaveProperty('category');
    expect(await record({ name: 'Heart', category: null })).toEqual(changed);
    expect(api.aws.changes()).toMatchObject([
      { events: [{ sequence: 2, data: { changedFields: ['name', 'category'] } }] },
    ]);
  });

  test('is refused at another version than the client has seen', async () => {
    const { id } = await record();

    expect(await refusal({ name: 'Heart', expectedVersion: 7 })).toMatchObject({
      code: 'PRODUCT.VERSION_STALE',
      info: { version: 1, productId: id },
    });
    expect(await record({ name: 'Heart', expectedVersion: 1 })).toMatchObject({ version: 2 });
  });

  test('is for admins and integrations', async () => {
    expect(await record({}, users.admin)).toMatchObject({ version: 1 });
    for (const who of [users.nora, users.analyst, user('mia', ['marketing']), user('sid', ['service'])]) {
      expect(await refusal({}, who)).toMatchObject({ code: 'ACCESS.DENIED' });
    }
  });

  test('refuses what is wrong, and writes nothing', async () => {
    expect(await refusal({ name: undefined })).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'name' },
    });
    expect(await refusal({ price: { amount: '1.999', currency: 'GBP' } })).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'price.amount', value: '1.999' },
    });
    expect(api.aws.items()).toEqual([]);
  });
});

describe('recordProducts', () => {
  test('records each row for itself', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({
      ...heart,
      code: `P${n}`,
      ...(n === 7 ? { name: '' } : {}),
    }));

    const { results } = await recordMany(rows);

    expect(results.filter(({ product }) => product)).toHaveLength(99);
    expect(results[7]?.error?.code).toBe('INPUT.INVALID');
  });

  test('refuses a second row of a product, as nobody could say which comes last', async () => {
    const { results } = await recordMany([
      heart,
      { ...heart, code: ' 85123A ' },
      { ...heart, source: 'till' },
    ]);

    expect(results.map(({ product, error }) => product?.version ?? error?.code)).toEqual([
      1,
      'INPUT.INVALID',
      1,
    ]);
    expect(results[1]?.error?.message).toContain('stands in row 0 already: merge the two rows');
  });

  test('converge when batches run at the same time', async () => {
    const batch = (name: string) =>
      recordMany(Array.from({ length: 20 }, (_, n) => ({ ...heart, code: `P${n}`, name })));

    const answers = await Promise.all(['Heart', 'Star', 'Moon'].map(batch));

    expect(answers.flatMap(({ results }) => results.map(({ error }) => error))).toEqual(
      Array(60).fill(undefined),
    );
    const stored = (await products({ first: 100 })).nodes;
    expect(stored.map(({ version }) => version)).toEqual(Array(20).fill(3));
  });

  test.each([0, 101])('refuses %i rows', async (count) => {
    const refused = await api.refusal(users.importer, 'Mutation.recordProducts', {
      input: { products: Array(count).fill(heart) },
    });

    expect(refused.code).toBe('BATCH.SIZE');
  });
});

describe('products of a source', () => {
  test('come by code, page by page, and only those of the source', async () => {
    const codes = ['B', 'a', 'A#1', 'A', 'Ü'];
    for (const code of codes) await record({ code });
    await record({ source: 'shop#2' });

    const all = await pagesOf((after) => products({ first: 2, after }));

    expect(all.map(({ code }) => code)).toEqual(['A', 'A#1', 'B', 'a', 'Ü']);
    expect((await products({ source: 'till' })).nodes).toEqual([]);
  });

  test('refuse a cursor of another source, and one that was tampered with', async () => {
    for (const source of ['shop', 'till']) for (const code of ['A', 'B']) await record({ source, code });
    const { pageInfo } = await products({ first: 1 });
    const [list] = JSON.parse(Buffer.from(pageInfo.endCursor ?? '', 'base64url').toString());
    const forged = ['', 'x'.repeat(65), '\uD83D'].map((place) =>
      Buffer.from(JSON.stringify([list, place])).toString('base64url'),
    );

    for (const [source, after] of [['till', pageInfo.endCursor], ...forged.map((after) => ['shop', after])]) {
      const refused = await api.refusal(users.analyst, 'Query.products', { source, after });
      expect(refused).toMatchObject({ code: 'CURSOR.INVALID', info: { field: 'after' } });
    }
    const refused = await api.refusal(users.analyst, 'Query.products', { source: 'x'.repeat(3000) });
    expect(refused).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'source' } });
  });

  test('are denied to one without a role, and nothing has an id that is none', async () => {
    const { id } = await record();
    const stranger = user('stranger', []);

    for (const [field, args] of [
      ['Query.product', { id }],
      ['Query.node', { id }],
      ['Query.products', { source: 'shop' }],
    ] as const) {
      expect(await api.refusal(stranger, field, args)).toMatchObject({ code: 'ACCESS.DENIED' });
    }
    for (const odd of ['prd_', 'prd_x', `prd_${'0'.repeat(26)}`, 'x']) {
      expect(await api.ask(users.analyst, 'Query.product', { id: odd })).toBeNull();
    }
  });
});
