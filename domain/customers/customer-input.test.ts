import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../test/support/domain.ts';
import { checkCreateCustomer } from './customer-input.ts';

const email = (value: string) => ({ kind: 'EMAIL', value }) as const;

describe('checkCreateCustomer', () => {
  const check = (changes: object) => checkCreateCustomer({ kind: 'PERSON', name: 'Ada', ...changes });

  test.each(['GB', 'IE', 'ZA', 'AQ', 'ME', 'BQ'])('takes the country %s', (country) => {
    expect(check({ address: { country } }).address).toEqual({ country });
  });

  test.each(['UK', 'EU', 'XA', 'ZZ', 'SU', 'CS', 'QO', 'gb', 'GBR', 'United Kingdom', ''])(
    'refuses %j, which is no country of ISO 3166-1',
    (country) => {
      const refusal = refusalOf(() => check({ address: { country } }));

      expect(refusal.info).toEqual({ field: 'address.country', value: country });
      expect(refusal.message).toContain('write it as GB');
    },
  );

  test.each(['en', 'it-CH', 'sr-Latn-RS'])('takes the language %s', (language) => {
    expect(check({ language }).language).toBe(language);
  });

  test.each(['EN', 'it-ch', 'it_CH', 'english language', 'x', ''])('refuses the language %j', (language) => {
    const refusal = refusalOf(() => check({ language }));

    expect(refusal.info).toEqual({ field: 'language', value: language });
    expect(refusal.message).toContain('write it as en or it-CH');
  });

  test.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(257) }, 'name'],
    [{ kind: 'ROBOT' }, 'kind'],
    [{ clientRequestId: 'x'.repeat(129) }, 'clientRequestId'],
    [{ address: { lines: Array(6).fill('1 Main St') } }, 'address.lines'],
    [{ identities: [email('ada@example.com'), email('ada')] }, 'identities.1.value'],
  ])('refuses %j and names the field', (changes, field) => {
    expect(refusalOf(() => check(changes)).info.field).toBe(field);
  });
});
