import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadTenant, parseTenant, TenantError, tenantNames } from './tenant.ts';

const FILE = 'infra/tenants/acme.json';
const acme = JSON.parse(readFileSync(join(import.meta.dirname, 'tenants/acme.json'), 'utf8'));

type Edit = (file: typeof acme) => void;

/** What is said of acme's file after an edit. */
function complaint(edit: Edit): string {
  const file = structuredClone(acme);
  edit(file);
  try {
    parseTenant(FILE, JSON.stringify(file));
  } catch (error) {
    expect(error).toBeInstanceOf(TenantError);
    return (error as TenantError).message;
  }
  throw new Error('the file was accepted');
}

describe('a tenant file', () => {
  test.each(tenantNames())('of %s is accepted', (name) => {
    expect(loadTenant(name).tenant).toBe(name);
  });

  test('has an account of its own', () => {
    const accounts = tenantNames().map((name) => loadTenant(name).account);
    expect(accounts.length).toBeGreaterThan(1);
    expect(new Set(accounts).size).toBe(accounts.length);
  });

  test.each<[string, Edit, string]>([
    [
      'a misspelt key',
      (file) => Object.assign(file, { logRetentionDay: 7 }),
      'logRetentionDay: there is no such key (its value is 7). Did you mean "logRetentionDays"? Allowed: "tenant", "region"',
    ],
    [
      'a misspelt key inside',
      (file) => Object.assign(file.engagement.points, { PHNOE: 3 }),
      'engagement.points.PHNOE: there is no such key (its value is 3). Did you mean "PHONE"? Allowed: "PHONE", "EMAIL"',
    ],
    [
      'a missing key',
      (file) => delete file.engagement.halfLifeDays,
      'engagement.halfLifeDays: missing. Allowed: a number of days from 1 to 3650',
    ],
    [
      'a missing object',
      (file) => delete file.engagement.points.WEB,
      'engagement.points.WEB: missing. Allowed: an object of inbound, outbound',
    ],
    [
      'a misspelt region',
      (file) => Object.assign(file, { region: 'eu-centrl-1' }),
      'region: "eu-centrl-1". Did you mean "eu-central-1"? Allowed: "af-south-1"',
    ],
    [
      'an account as a number',
      (file) => Object.assign(file, { account: 222222222222 }),
      'account: 222222222222. Allowed: an AWS account id: 12 digits in quotes',
    ],
    [
      'a short account',
      (file) => Object.assign(file, { account: '123' }),
      'account: "123". Allowed: an AWS account id',
    ],
    [
      'an unknown environment',
      (file) => Object.assign(file, { environment: 'prod' }),
      'environment: "prod". Allowed: "development", "production"',
    ],
    [
      'a setting that nothing reads',
      (file) => Object.assign(file, { timeZone: 'Europe/Berlin' }),
      'timeZone: there is no such key (its value is "Europe/Berlin"). Allowed: "tenant", "region"',
    ],
    [
      'a team with a space',
      (file) => Object.assign(file, { teams: ['key accounts'] }),
      'teams.0: "key accounts". Allowed: a name of a-z, 0-9 and -',
    ],
    [
      'a team twice',
      (file) => Object.assign(file, { teams: ['dach', 'dach'] }),
      'teams: ["dach","dach"]. Allowed: each team once',
    ],
    [
      'negative points',
      (file) => Object.assign(file.engagement.points.SMS, { inbound: -1 }),
      'engagement.points.SMS.inbound: -1. Allowed: a number of points from 0 to 1000',
    ],
    [
      'a half-life of less than a day',
      (file) => Object.assign(file.engagement, { halfLifeDays: 0.9 }),
      'engagement.halfLifeDays: 0.9. Allowed: a number of days from 1 to 3650',
    ],
    [
      'a retention that CloudWatch does not have',
      (file) => Object.assign(file, { logRetentionDays: 31 }),
      'logRetentionDays: 31. Allowed: 1, 3, 5, 7, 14, 30, 60',
    ],
    [
      'a mail address without a domain',
      (file) => Object.assign(file, { opsEmail: 'ops' }),
      'opsEmail: "ops". Allowed: an e-mail address',
    ],
    [
      'introspection in production',
      (file) => Object.assign(file, { introspection: true }),
      'introspection: true. Allowed: false in production',
    ],
    [
      "another tenant's name",
      (file) => Object.assign(file, { tenant: 'demo' }),
      'tenant: "demo". Allowed: "acme", as the file is named',
    ],
  ])('with %s is refused', (_what, edit, message) => {
    expect(complaint(edit)).toContain(`${FILE}: ${message}`);
  });

  test('with several faults is refused with a line for each', () => {
    const lines = complaint((file) => Object.assign(file, { region: 'x', opsEmail: 'y', teams: 3 })).split(
      '\n',
    );
    expect(lines.map((line) => line.split(': ')[1]).sort()).toEqual(['opsEmail', 'region', 'teams']);
  });

  test('that is not JSON is refused as such', () => {
    expect(() => parseTenant(FILE, '{"tenant": }')).toThrow(`${FILE}: not JSON: Unexpected token '}'`);
  });

  test('that is not there is answered with those that are', () => {
    expect(() => loadTenant('acmee')).toThrow(
      'There is no tenant "acmee" in infra/tenants. Did you mean "acme"? Allowed: "acme", "demo"',
    );
  });
});
