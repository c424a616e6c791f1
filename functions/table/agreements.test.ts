import { afterAll, expect, test } from 'vitest';
import { startEnvironment } from '../../test/support/api.ts';
import { cause } from '../../test/support/domain.ts';
import { agreement } from '../../test/support/sharing.ts';

const aws = await startEnvironment();
afterAll(() => aws.close());
const { addAgreement, agreementsNotEnded, setAgreementAside } = await import('./agreements.ts');

const change = { ...cause, events: [] };
const [first, second] = [agreement({ id: 'agr_1' }), agreement({ id: 'agr_2' })];

test('the agreements that were not ended are read whole, and nothing else of their items', async () => {
  await addAgreement({ agreement: first, change }, 'one');
  await addAgreement({ agreement: second, change }, 'two');
  expect(await agreementsNotEnded()).toEqual([first, second]);

  const ended = { ...second, endedAt: '2026-02-01T00:00:00.000Z', version: 2 };
  await setAgreementAside({ agreement: ended, change: { ...change, id: 'ended' } });

  expect(await agreementsNotEnded()).toEqual([first]);
});
