import { afterAll, beforeEach, expect, test } from 'vitest';
import { startEnvironment } from '../../test/support/api.ts';

const aws = await startEnvironment();
afterAll(() => aws.close());
const { claim, findByIdentity, release } = await import('./identities.ts');
const { write } = await import('./write.ts');

const identity = { kind: 'EXTERNAL_ID', source: 'shop|eu', value: 'A 1' } as const;
const [ada, grace] = [`cus_${'0'.repeat(26)}`, `cus_${'1'.repeat(26)}`] as const;

beforeEach(() => aws.clear());

test('an identity is an item of its own, that names its customer', async () => {
  await write([claim(identity, ada)]);

  const key = 'EXTERNAL_ID|shop%7Ceu|A%201';
  expect(aws.items()).toEqual([
    {
      pk: { S: `demo#identity#${key}` },
      sk: { S: 'customer' },
      tenant: { S: 'demo' },
      key: { S: key },
      customerId: { S: ada },
      __edb_e__: { S: 'identity' },
      __edb_v__: { S: '1' },
    },
  ]);
  expect(await findByIdentity(identity)).toBe(ada);
});

test('nobody else takes an identity, or gives it up', async () => {
  await write([claim(identity, ada)]);

  expect(await write([claim(identity, ada)])).toBeUndefined();
  expect(await write([claim(identity, grace)])).toMatchObject([{ customerId: ada }]);
  expect(await write([release(identity, grace)])).toMatchObject([{ customerId: ada }]);
  expect(await findByIdentity(identity)).toBe(ada);
});

test('an identity that was given up is free', async () => {
  await write([claim(identity, ada)]);
  await write([release(identity, ada)]);

  expect(await findByIdentity(identity)).toBeUndefined();
  expect(await write([claim(identity, grace)])).toBeUndefined();
  expect(await findByIdentity(identity)).toBe(grace);
});
