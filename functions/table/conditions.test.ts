import { Entity } from 'electrodb';
import { afterAll, describe, expect, test } from 'vitest';
import { startEnvironment } from '../../test/support/api.ts';

const aws = await startEnvironment();
afterAll(() => aws.close());
const { crmTable } = await import('./client.ts');
const { ifAtVersion, ifHas, ifNew, ifNewOr } = await import('./conditions.ts');
const { putterFor } = await import('./put.ts');
const { write } = await import('./write.ts');

const things = new Entity(
  {
    model: { entity: 'thing', version: '1', service: 'crm' },
    attributes: {
      id: { type: 'string', required: true },
      version: { type: 'number', required: true },
      owner: { type: 'string', required: true },
    },
    indexes: {
      thing: {
        pk: { field: 'pk', composite: ['id'], template: '${id}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'thing', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);
const putThing = putterFor(things);

const next = { id: 'one', version: 9, owner: 'ned' };
const stored = {
  nothing: undefined,
  'version 1 of nora': { id: 'one', version: 1, owner: 'nora' },
  'version 2 of nora': { id: 'one', version: 2, owner: 'nora' },
  'version 2 of sue': { id: 'one', version: 2, owner: 'sue' },
} as const;
type Stored = keyof typeof stored;

const conditions = [
  ['there is none', ifNew, things.create(next), ['nothing']],
  [
    'it has version 0',
    ifAtVersion(0),
    things.put(next).where(({ version }, { notExists }) => notExists(version)),
    ['nothing'],
  ],
  [
    'it has version 2',
    ifAtVersion(2),
    things.put(next).where(({ version }, { eq }) => eq(version, 2)),
    ['version 2 of nora', 'version 2 of sue'],
  ],
  [
    'it has version 2 and is owned by nora',
    ifHas({ version: 2, owner: 'nora' }),
    things.put(next).where(({ version, owner }, { eq }) => `${eq(version, 2)} AND ${eq(owner, 'nora')}`),
    ['version 2 of nora'],
  ],
  [
    'there is none, or it is owned by nora',
    ifNewOr(ifHas({ owner: 'nora' })),
    things.put(next).where(({ id, owner }, { eq, notExists }) => `${notExists(id)} OR ${eq(owner, 'nora')}`),
    ['nothing', 'version 1 of nora', 'version 2 of nora'],
  ],
] as const;

describe.each(conditions)('when %s', (_, condition, electrodb, met) => {
  test.each(Object.keys(stored) as Stored[])(
    'a put over %s is done or refused as electrodb has it',
    async (state) => {
      const puts = [putThing(next, condition), electrodb.params<ReturnType<typeof putThing>>()];

      for (const put of puts) {
        aws.clear();
        const before = stored[state];
        if (before) await write([{ Put: putThing(before) }]);

        const conflicts = await write([{ Put: put }]);

        const isMet = (met as readonly Stored[]).includes(state);
        expect(conflicts?.[0]?.version).toBe(isMet ? undefined : before?.version);
        expect(aws.items()[0]?.version).toEqual(isMet ? { N: '9' } : before && { N: String(before.version) });
      }
    },
  );
});
