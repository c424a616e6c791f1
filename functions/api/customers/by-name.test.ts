import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Created, type Page, pagesOf, startApi, users } from '../../../test/support/api.ts';
import { user } from '../../../test/support/domain.ts';

const api = await startApi(['north', 'south', 'east', 'west']);
afterAll(() => api.aws.close());
beforeEach(() => api.aws.clear());

const create = (name: string, input: object = {}, who = users.nora) =>
  api.ask<Created>(who, 'Mutation.createCustomer', { input: { kind: 'PERSON', name, ...input } });
const page = (prefix: unknown, args: object = {}, who = users.nora) =>
  api.ask<Page<Created>>(who, 'Query.customersByName', { prefix, ...args });
const refusal = (prefix: unknown, args: object = {}, who = users.nora) =>
  api.refusal(who, 'Query.customersByName', { prefix, ...args });
const namesOf = ({ nodes }: Page<Created>) => nodes.map(({ name }) => name);

describe('Query.customersByName', () => {
  test('finds people and firms by what their names begin with, by name', async () => {
    for (const name of ['Adam Smith', 'Ada Byron', 'Bob', 'Dada', 'ADA & Sons', 'Ad']) await create(name);
    await create('Adana Foods', { kind: 'COMPANY' });

    expect(namesOf(await page('ad'))).toEqual(['Ad', 'ADA & Sons', 'Ada Byron', 'Adam Smith', 'Adana Foods']);
    expect(namesOf(await page('Adam'))).toEqual(['Adam Smith']);
    expect(namesOf(await page('Adamant'))).toEqual([]);
  });

  test.each([
    ['Émile Zola', 'emile'],
    ['emile zola', 'ÉMILE Z'],
    ['Straße & Co', 'STRASS'],
    ['Ada   Byron', '  ada  by '],
    ['Ν\u0399\u039aΟΣ', 'νίκος'],
    ['山田 太郎', '山田'],
  ])('finds %j by %j: case, accents and blanks do not matter', async (name, prefix) => {
    const { id } = await create(name);

    expect((await page(prefix)).nodes).toEqual([expect.objectContaining({ id, name })]);
  });

  test('does not find a person by the family name alone', async () => {
    await create('Ada Byron', { givenName: 'Ada', familyName: 'Byron' });

    expect(namesOf(await page('byron'))).toEqual([]);
  });

  test('is walked page by page without gap or repetition, also where names are the same', async () => {
    const names = Array.from({ length: 13 }, (_, n) => `Ada ${String.fromCharCode(65 + (n % 5))}`);
    for (const name of names) await create(name);
    await create('Al');

    const nodes = await pagesOf((after) => page('ada', { first: 3, after }));

    expect(nodes.map(({ name }) => name)).toEqual(names.toSorted());
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(13);
  });

  test('reads one query for a page', async () => {
    for (const name of ['Ada', 'Adam']) await create(name);
    api.aws.takeConsumed();

    await page('ada');
    await page('ada', {}, users.admin);

    expect(api.aws.takeConsumed().map(({ action }) => action)).toEqual(['Query', 'Query']);
  });

  test('follows a customer to a new name, and nobody is found by the old one', async () => {
    const { id } = await create('Ada Byron');

    await api.ask(users.nora, 'Mutation.updateCustomer', { input: { id, name: 'Ida King' } });

    expect(namesOf(await page('ada'))).toEqual([]);
    expect((await page('ida')).nodes).toEqual([expect.objectContaining({ id, name: 'Ida King' })]);
  });

  test('gives a salesperson own and team customers only, in full pages', async () => {
    const teamOf = (n: number) => (n % 8 === 3 ? 'south' : n % 8 === 5 ? 'west' : 'north');
    for (let n = 0; n < 40; n++) {
      const team = teamOf(n);
      await create(`Ada ${String(n).padStart(2, '0')}`, { team, ownerId: 'usr_other' }, users.admin);
    }
    await create('Ada of Sue', { team: 'east', ownerId: users.sue.id }, users.admin);
    const seen = async (who: typeof users.sue) => {
      const sizes: number[] = [];
      const nodes = await pagesOf(async (after) => {
        const answer = await page('ada', { first: 2, after }, who);
        sizes.push(answer.nodes.length);
        return answer;
      });
      return { names: nodes.map(({ name }) => name), sizes };
    };

    expect(await seen(users.sue)).toEqual({
      names: ['Ada 03', 'Ada 11', 'Ada 19', 'Ada 27', 'Ada 35', 'Ada of Sue'],
      sizes: [2, 2, 2],
    });
    const alone = user('tim', ['sales']);
    expect(await page('ada', {}, alone)).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
    expect((await page('ada', { first: 100 }, users.analyst)).nodes).toHaveLength(41);
    expect(await refusal('ada', {}, user('nora', [], ['north']))).toMatchObject({ code: 'ACCESS.DENIED' });
  });

  test.each(['', ' ', 'a', 'É', '\u0301\u0301\u0301', 'x'.repeat(257), '\ud83d'])(
    'refuses %j as the beginning of a name',
    async (prefix) => {
      expect(await refusal(prefix)).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'prefix' } });
    },
  );

  test.each([0, 101])('refuses a page of %i', async (first) => {
    expect(await refusal('ada', { first })).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'first' },
    });
  });

  test('has cursors that tell no name, and are good for this search of this reader only', async () => {
    for (const name of ['Ada', 'Adam', 'Adana']) await create(name);
    await create('Adana', {}, users.sue);
    const after = (await page('ada', { first: 1 })).pageInfo.endCursor;
    const owned = await api.ask<Page<Created>>(users.nora, 'Query.customers', { first: 1 });

    expect(Buffer.from(after ?? '', 'base64url').toString()).not.toMatch(/ada/i);
    expect(namesOf(await page('ÁDA', { after }))).toEqual(['Adam', 'Adana']);
    const invalid = { code: 'CURSOR.INVALID', info: { field: 'after' } };
    expect(await refusal('ad', { after })).toMatchObject(invalid);
    expect(await refusal('ada', { after }, users.sue)).toMatchObject(invalid);
    expect(await refusal('ada', { after }, users.analyst)).toMatchObject(invalid);
    for (const other of [owned.pageInfo.endCursor, 'nonsense'])
      expect(await refusal('ada', { after: other })).toMatchObject(invalid);
  });

  test('refuses a cursor whose customer was renamed or is no longer to be seen', async () => {
    for (const name of ['Ada', 'Adam']) await create(name);
    const { nodes, pageInfo } = await page('ada', { first: 1 });
    const id = nodes[0]?.id;
    const after = pageInfo.endCursor;
    const update = (input: object) =>
      api.ask(users.admin, 'Mutation.updateCustomer', { input: { id, ...input } });

    await update({ ownerId: 'usr_sue', team: 'south' });
    expect(await refusal('ada', { after })).toMatchObject({ code: 'CURSOR.INVALID' });
    await update({ ownerId: users.nora.id, team: 'north' });
    expect(namesOf(await page('ada', { after }))).toEqual(['Adam']);
    await update({ name: 'Adalbert' });
    expect(await refusal('ada', { after })).toMatchObject({ code: 'CURSOR.INVALID' });
  });

  test.each(['\u0301', '´', 'X'])('takes a name that nothing begins with: %j', async (name) => {
    const { id } = await create(name);

    const { nodes } = await api.ask<Page<Created>>(users.nora, 'Query.customers', {});
    expect(nodes).toEqual([expect.objectContaining({ id, name })]);
    expect(
      await api.ask(users.nora, 'Mutation.updateCustomer', { input: { id, name: 'Xenia' } }),
    ).toMatchObject({
      version: 2,
    });
    expect((await page('xe')).nodes).toHaveLength(1);
  });

  test('takes a name of any length and any characters, and finds it by all beginnings', async () => {
    const anyName = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 256 })
      .filter((name) => name.isWellFormed() && name.trim() !== '' && name.length <= 256);
    const { foldName } = await import('../../../domain/customers/name.ts');

    await fc.assert(
      fc.asyncProperty(anyName, fc.nat(256), async (name, length) => {
        const { id } = await create(name);
        const prefix = [...name].slice(0, length).join('');
        if ([...foldName(prefix)].length < 2) return;

        const { nodes } = await page(prefix, { first: 100 });

        expect(nodes.map((node) => node.id)).toContain(id);
      }),
      { numRuns: 200 },
    );
  });
});
