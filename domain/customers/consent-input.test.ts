import { expect, test } from 'vitest';
import { now, refusalOf } from '../../test/support/domain.ts';
import { checkRecordConsent } from './consent-input.ts';

const granted = { customerId: 'cus_1', purpose: 'MARKETING', state: 'GRANTED', basis: 'CONSENT' };
const withdrawn = { customerId: 'cus_1', purpose: 'MARKETING', state: 'WITHDRAWN' };

test('a grant has its basis, a withdrawal none; the moment is now when left out', () => {
  expect(checkRecordConsent({ ...granted, channel: 'EMAIL', proof: ' form 7 ' }, now)).toMatchObject({
    channel: 'EMAIL',
    proof: 'form 7',
    statedAt: now,
  });
  expect(checkRecordConsent(withdrawn, now)).toMatchObject({ state: 'WITHDRAWN' });
});

test('sharing may name a partner', () => {
  const sharing = { ...granted, purpose: 'SHARING', partnerId: 'par_carrier' };

  expect(checkRecordConsent(sharing, now)).toMatchObject({ partnerId: 'par_carrier' });
});

test.each([
  [{ basis: undefined }, 'basis', 'is needed for what is GRANTED'],
  [{ state: 'WITHDRAWN' }, 'basis', 'a withdrawal rests on nothing'],
  [{ purpose: 'SHARING', channel: 'EMAIL' }, 'channel', 'SHARING is the same on all channels'],
  [{ purpose: 'ANALYTICS', channel: 'EMAIL' }, 'channel', 'ANALYTICS is the same on all channels'],
  [{ partnerId: 'par_carrier' }, 'partnerId', 'MARKETING has nothing to do with partners'],
  [{ purpose: 'SHARING', partnerId: 'carrier' }, 'partnerId', 'write it as par_carrier'],
  [{ clientRequestId: 'once' }, 'statedAt', 'is needed with a clientRequestId'],
  [{ statedAt: '2026-11-24T00:00:00Z' }, 'statedAt', 'more than a day ahead'],
  [{ statedAt: 'yesterday' }, 'statedAt', 'is not a time'],
  [{ purpose: 'FUN' }, 'purpose', 'FUN'],
  [{ state: 'MAYBE' }, 'state', 'MAYBE'],
  [{ basis: 'BECAUSE' }, 'basis', 'BECAUSE'],
  [{ channel: 'PIGEON' }, 'channel', 'PIGEON'],
  [{ via: 'MAGIC' }, 'via', 'MAGIC'],
  [{ proof: 'x'.repeat(513) }, 'proof', 'at most 512'],
  [{ proof: '\uD83D' }, 'proof', 'half a character'],
  [{ customerId: '' }, 'customerId', 'must not be empty'],
] as const)('%j is refused, and says what is wrong', (wrong, field, message) => {
  const refusal = refusalOf(() => checkRecordConsent({ ...granted, ...wrong }, now));

  expect(refusal).toMatchObject({ code: 'INPUT.INVALID', info: { field } });
  expect(refusal.message).toContain(message);
});
