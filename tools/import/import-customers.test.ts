import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../client/api.ts';
import type { CustomerImportOptions } from './args.ts';
import { customersToText } from './customer-report.ts';
import { type FakeApi, startFakeApi } from './fake-api.ts';
import { importCustomerFile } from './import-customers.ts';

const header =
  'id,kind,name,givenName,familyName,email,phone,language,street,city,postalCode,country,attribute:size,consent:MARKETING,consentedAt';
const ada =
  '7,PERSON,,Ada,Byron,Ada@Example.com,+44 1632 960001,en,1 High Street,York,YO1 1AA,United Kingdom,L,CONSENT,2026-01-02 10:00';
const firm = '8,COMPANY,Engines Ltd,,,,,,,,,IE,,,';

let folder: string;
let fake: FakeApi;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
  fake = await startFakeApi();
});
afterEach(async () => {
  await fake.close();
  rmSync(folder, { recursive: true });
});

let runs = 0;
function run(rows: readonly string[], options: Partial<CustomerImportOptions> = {}, head = header) {
  const file = join(folder, 'people.csv');
  writeFileSync(file, [head, ...rows].join('\n'));
  return importCustomerFile(
    {
      file,
      source: 'shop',
      timezone: 'UTC',
      columns: new Map(),
      consents: [],
      keep: false,
      rejectedFile: join(folder, 'rejected.csv'),
      concurrency: 4,
      ...options,
    },
    {
      connect: async () => createApi({ url: fake.url, token: async () => 't', wait: async () => {} }),
      progress: { start: () => {}, advance: () => {}, stop: () => {} },
      run: `run-${++runs}`,
      today: '2026-11-25',
    },
  );
}
const rejected = () => readFileSync(join(folder, 'rejected.csv'), 'utf8');
const state = () => structuredClone([...fake.customers, ...fake.consents]);

describe('an import of customers', () => {
  it('adds them with all that the file says', async () => {
    expect(await run([ada, firm])).toMatchObject({
      rows: { read: 2, taken: 2, refused: 0 },
      customers: { created: 2, updated: 0, found: 0 },
      consents: { recorded: 1, refused: 0 },
      rejectedFile: null,
    });
    expect(fake.customers.get('7')).toMatchObject({
      kind: 'PERSON',
      name: 'Ada Byron',
      givenName: 'Ada',
      familyName: 'Byron',
      language: 'en',
      identities: [
        { kind: 'EXTERNAL_ID', value: '7', source: 'shop' },
        { kind: 'EMAIL', value: 'ada@example.com' },
        { kind: 'PHONE', value: '+441632960001' },
      ],
      address: { lines: ['1 High Street'], city: 'York', postalCode: 'YO1 1AA', country: 'GB' },
      attributes: '{"size":"L"}',
      via: 'IMPORT',
    });
    expect([...fake.consents.values()]).toEqual([
      {
        clientRequestId: 'shop/MARKETING/CONSENT',
        customerId: 'cus_7',
        purpose: 'MARKETING',
        basis: 'CONSENT',
        state: 'GRANTED',
        proof: 'people.csv, imported 2026-11-25',
        statedAt: '2026-01-02T10:00:00.000Z',
        via: 'IMPORT',
      },
    ]);
  });

  it('changes nothing when it is run again', async () => {
    await run([ada, firm]);
    const before = state();

    expect(await run([ada, firm])).toMatchObject({ customers: { created: 0, updated: 0, found: 2 } });
    expect(state()).toEqual(before);
  });

  it('brings up to date what differs, leaves what the file does not know, and can keep all', async () => {
    await run([ada]);
    const moved = ada
      .replace('York', 'Leeds')
      .replace(',L,', ',XL,')
      .replace('en,', ',')
      .replace('Ada@Example.com', 'ada@example.org');

    expect(await run([moved], { keep: true })).toMatchObject({ customers: { updated: 0, found: 1 } });
    expect(fake.customers.get('7')).toMatchObject({ version: 1 });
    fake.faults.onUpdate = ({ via }) => {
      expect(via).toBe('IMPORT');
      return undefined;
    };
    expect(await run([moved])).toMatchObject({ customers: { updated: 1, found: 0 } });
    expect(fake.customers.get('7')).toMatchObject({
      language: 'en',
      address: { city: 'Leeds', postalCode: 'YO1 1AA' },
      attributes: '{"size":"XL"}',
      version: 2,
    });
    expect(fake.customers.get('7')?.identities).toHaveLength(4);
    expect(await run([moved])).toMatchObject({ customers: { updated: 0, found: 1 } });
  });

  it('finds a customer by e-mail, else by phone, and gives the external id', async () => {
    await run(['Ann,ann@example.com,', 'Bob,,+441632960002'], {}, 'name,email,phone');
    const summary = await run(
      ['1,Ann,ann@example.com,', '2,Bob,bob@example.com,+441632960002'],
      {},
      'id,name,email,phone',
    );

    expect(summary.customers).toEqual({ created: 0, updated: 2, found: 0 });
    expect(fake.customers.size).toBe(2);
    expect(fake.customers.get('ann@example.com')?.identities).toContainEqual({
      kind: 'EXTERNAL_ID',
      value: '1',
      source: 'shop',
    });
  });

  it("refuses alone, with the API's message, who has the e-mail address of somebody else", async () => {
    await run([ada, firm]);
    const summary = await run([
      firm.replace(',,,,', ',,,ada@example.com,'),
      ',PERSON,Eve,,,eve@example.com,,,,,,,,,',
      '9,PERSON,Ann,,,ada@example.com,,,,,,,,,',
    ]);

    expect(summary).toMatchObject({
      rows: { read: 3, taken: 1, refused: 2 },
      refusedBecause: { 'CUSTOMER.EMAIL_TAKEN': 1, 'second row of a customer': 1 },
    });
    expect(await run(['9,PERSON,Ann,,,ada@example.com,,,,,,,,,'])).toMatchObject({
      refusedBecause: { 'CUSTOMER.EMAIL_TAKEN': 1 },
    });
    expect(rejected()).toContain('2,CUSTOMER.EMAIL_TAKEN: customer cus_7 has it,9,PERSON,Ann');
    expect(customersToText(summary)).toContain('Rows       3 read, 1 taken, 2 refused');
  });

  it('refuses rows that cannot be taken, and takes the others', async () => {
    const summary = await run([
      ',PERSON,Nobody,,,,,,,,,,,,',
      '1,ROBOT,R2,,,,,,,,,,,,',
      '2,PERSON,Bob,,,,,,,,,,,WISH,2026-01-01',
      '3,PERSON,Cle,,,,,,,,,,,CONSENT,',
      '4,PERSON,Dan,,,,,,,,,,,CONSENT,soon',
      ada,
      ada.replace('7,', '77,'),
      '5,PERSON,Eve,,,,,,,,,Atlantis,,,',
    ]);

    expect(summary).toMatchObject({
      rows: { read: 8, taken: 2, refused: 6 },
      refusedBecause: {
        'no identity': 1,
        'unreadable kind': 1,
        'unreadable basis': 1,
        'no time of consent': 1,
        'unreadable time': 1,
        'second row of a customer': 1,
      },
      unknownCountries: { Atlantis: 1 },
      rejectedFile: join(folder, 'rejected.csv'),
    });
    expect(rejected()).toContain('8,second row of a customer: line 7 has the same EMAIL ada@example.com');
  });

  it('refuses alone a row whose phone number is none, also among those that are looked for together', async () => {
    const people = Array.from(
      { length: 60 },
      (_, n) => `${n},Person ${n},${n === 31 ? '0' : '+44'}16329600${n + 10}`,
    );

    expect(await run(people, {}, 'id,name,phone')).toMatchObject({
      rows: { read: 60, taken: 59, refused: 1 },
      refusedBecause: { 'INPUT.INVALID': 1 },
    });
    expect(rejected()).toContain('33,"INPUT.INVALID: identity.value: ""01632960041"" is no phone number');
  });

  it('grants for all what the command says, but what a row says itself counts', async () => {
    const consents = [
      { purpose: 'MARKETING', basis: 'LEGITIMATE_INTERESTS' },
      { purpose: 'SERVICE', basis: 'CONTRACT' },
    ] as const;
    await run([ada, firm], { consents, statedAt: '2026-02-01T00:00:00.000Z' });

    const granted = [...fake.consents.values()].map(({ customerId, purpose, basis, statedAt }) =>
      [customerId, purpose, basis, statedAt.slice(0, 10)].join(' '),
    );
    expect(granted.sort()).toEqual([
      'cus_7 MARKETING CONSENT 2026-01-02',
      'cus_7 SERVICE CONTRACT 2026-01-02',
      'cus_8 MARKETING LEGITIMATE_INTERESTS 2026-02-01',
      'cus_8 SERVICE CONTRACT 2026-02-01',
    ]);
  });

  it('compares again when somebody else changed the customer meanwhile', async () => {
    await run([ada]);
    let stale = 1;
    fake.faults.onUpdate = () =>
      stale-- > 0 ? { code: 'CUSTOMER.VERSION_STALE', message: 'version 2' } : undefined;

    expect(await run([ada.replace('York', 'Leeds')])).toMatchObject({ customers: { updated: 1 } });
    stale = Number.POSITIVE_INFINITY;
    expect(await run([ada.replace('York', 'Bath')])).toMatchObject({
      refusedBecause: { 'CUSTOMER.VERSION_STALE': 1 },
    });
  });

  it('finds who was created by another import of the same file at the same time', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => `${n},Person ${n},p${n}@example.com`);
    const two = await Promise.all([
      run(rows, { concurrency: 1 }, 'id,name,email'),
      run(rows, { concurrency: 1, rejectedFile: join(folder, 'others.csv') }, 'id,name,email'),
    ]);

    expect(two.map(({ rows: { refused } }) => refused)).toEqual([0, 0]);
    expect(two[0].customers.created + two[1].customers.created).toBe(120);
    expect(fake.customers.size).toBe(120);
  });

  it('goes on when it is run again after it was stopped in the middle', async () => {
    const rows = Array.from(
      { length: 300 },
      (_, n) => `${n},Person ${n},p${n}@example.com,CONSENT,2026-01-01`,
    );
    const head = 'id,name,email,consent:SERVICE,consentedAt';
    fake.faults.onRequest = (count) => (count > 5 ? 'cut' : undefined);
    await expect(run(rows, { concurrency: 1 }, head)).rejects.toThrow(/does not answer/);
    const before = fake.customers.size;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(300);

    delete fake.faults.onRequest;
    expect(await run(rows, {}, head)).toMatchObject({
      customers: { created: 300 - before, updated: 0, found: before },
      consents: { recorded: 300 },
    });
    expect(fake.customers.size).toBe(300);
    expect(fake.consents.size).toBe(300);
  });
});

describe('a file that cannot be used', () => {
  it.each([
    ['name\nAda', {}, 'no column holds id, email or phone'],
    ['id,consent:WISHES\n1,CONSENT', {}, 'there is no purpose "WISHES"; there are MARKETING'],
    ['id,attribute:\n1,2', {}, 'column 2 (attribute:) lacks the name'],
    ['id,attribute:a,attribute:a\n1,2,3', {}, 'two columns are called attribute:a'],
    ['id,name\n1', {}, 'Invalid Record Length'],
    [
      'id\n1',
      { consents: [{ purpose: 'SERVICE', basis: 'CONTRACT' }] },
      'give --stated-at 2026-01-31, or a column consentedAt',
    ],
  ] as const)('is refused before anything is sent: %j', async (text, options, message) => {
    const [head = '', ...rows] = text.split('\n');
    await expect(run(rows, options, head)).rejects.toThrow(message);
    expect(fake.requests()).toBe(0);
  });
});
