import { describe, expect, test } from 'vitest';
import { ConfigFileError } from './config-file.ts';
import { loadPartner, parsePartner, partnerNames } from './partner.ts';
import { loadTenant, tenantNames } from './tenant.ts';
import { configOf } from './tenant-config.ts';

const FILE = 'infra/partners/carrier.json';
const carrier = { name: 'carrier', title: 'Swift Carriers', account: '333333333333' };

/** What is said of the carrier's file when it says something else. */
function complaint(other: object): string {
  try {
    parsePartner(FILE, JSON.stringify({ ...carrier, ...other }));
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigFileError);
    return (error as ConfigFileError).message;
  }
  throw new Error('the file was accepted');
}

describe('a partner file', () => {
  test.each(partnerNames())('of %s is accepted', (name) => {
    expect(loadPartner(name).name).toBe(name);
  });

  test('names an account that no tenant and no other partner has', () => {
    const accounts = [
      ...tenantNames().map((name) => loadTenant(name).account),
      ...partnerNames().map((name) => loadPartner(name).account),
    ];
    expect(new Set(accounts).size).toBe(accounts.length);
  });

  test('gives the functions the title, and the bus that the stack makes', () => {
    expect(configOf(loadTenant('demo'))).toMatchObject({
      partners: {
        carrier: { title: 'Swift Carriers', busName: 'fidelia-demo-partner-carrier' },
        wholesaler: { title: 'Northern Wholesale', busName: 'fidelia-demo-partner-wholesaler' },
      },
    });
  });

  test.each<[string, object, string]>([
    [
      'a misspelt key',
      { tittle: 'Swift' },
      'tittle: there is no such key (its value is "Swift"). Did you mean "title"? Allowed: "name", "title", "account"',
    ],
    ['no title', { title: undefined }, 'title: missing. Allowed: a text of 1 to 128 characters'],
    [
      'an account as a number',
      { account: 333333333333 },
      'account: 333333333333. Allowed: an AWS account id',
    ],
    ['a short account', { account: '33' }, 'account: "33". Allowed: an AWS account id: 12 digits in quotes'],
    [
      "another partner's name",
      { name: 'wholesaler' },
      'name: "wholesaler". Allowed: "carrier", as the file is named',
    ],
    [
      'a name with a space',
      { name: 'swift carrier' },
      'name: "swift carrier". Allowed: a name of a-z, 0-9 and -',
    ],
  ])('with %s is refused', (_what, other, message) => {
    expect(complaint(other)).toContain(`${FILE}: ${message}`);
  });

  test('that is not there is answered with those that are', () => {
    expect(() => loadPartner('carier')).toThrow(
      'There is no partner "carier" in infra/partners. Did you mean "carrier"? Allowed: "carrier", "wholesaler"',
    );
  });
});
