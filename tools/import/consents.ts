import type { ConsentPurpose, LegalBasis } from '../../graphql/generated/types.ts';
import type { Api } from '../client/api.ts';
import { inBatches, type RowResult, sendRows } from './batch.ts';
import { withPool } from './pool.ts';
import { WrongInput } from './wrong-input.ts';

/** The purposes of the API. */
export const purposes = ['MARKETING', 'SERVICE', 'ANALYTICS', 'SHARING'] as const satisfies ConsentPurpose[];

/** The legal bases of the API. */
export const bases = [
  'CONSENT',
  'CONTRACT',
  'LEGAL_OBLIGATION',
  'VITAL_INTERESTS',
  'PUBLIC_TASK',
  'LEGITIMATE_INTERESTS',
] as const satisfies LegalBasis[];

/** What is granted, and on what that rests. */
export interface Grant {
  readonly purpose: ConsentPurpose;
  readonly basis: LegalBasis;
}

/** That a customer granted something. */
export interface Statement extends Grant {
  readonly customerId: string;
  /** ISO 8601 in UTC. */
  readonly statedAt: string;
}

/** How many statements are in the CRM now, and how many were refused, by reason. */
export interface ConsentCounts {
  recorded: number;
  refused: number;
  readonly refusedBecause: Record<string, number>;
}

/**
 * Reads `PURPOSE=BASIS`.
 *
 * @param where the value stands, for the message
 * @throws WrongInput with what there is
 */
export function readGrant(pair: string, where: string): Grant {
  const [purpose = '', basis = '', ...rest] = pair.split('=').map((part) => part.trim());
  const known = { purpose: find(purposes, purpose), basis: find(bases, basis) };
  if (rest.length > 0 || !pair.includes('=')) {
    throw new WrongInput(`${where} ${JSON.stringify(pair)} is not of the form PURPOSE=BASIS`);
  }
  if (!known.purpose) throw unknown(where, pair, 'purpose', purpose, purposes);
  if (!known.basis) throw unknown(where, pair, 'basis', basis, bases);
  return { purpose: known.purpose, basis: known.basis };
}

/** @throws WrongInput when a purpose is granted twice */
export function readGrants(pairs: readonly string[]): Grant[] {
  const grants = pairs.map((pair) => readGrant(pair, '--consent'));
  const twice = grants.find(
    ({ purpose }, place) => grants.findIndex((one) => one.purpose === purpose) < place,
  );
  if (twice) throw new WrongInput(`--consent ${twice.purpose} is given twice: one basis is enough`);
  return grants;
}

const recordConsents = `mutation ImportConsents($input: RecordConsentsInput!) {
  recordConsents(input: $input) { results { index consent { id } error { code message info } } }
}`;

interface ConsentResult extends RowResult {
  readonly consent?: { readonly id: string } | null;
}

/** Where a statement comes from: who looks it up finds the file by name and day. */
export interface Origin {
  readonly source: string;
  readonly proof: string;
}

/**
 * Records statements. Each is recognised by source, purpose, basis, customer and moment: one that an earlier run
 * recorded stays, with the proof it had.
 */
export async function importConsents(
  statements: Iterable<Statement> | AsyncIterable<Statement>,
  { source, proof }: Origin,
  { api, concurrency, onDone }: { api: Api; concurrency: number; onDone: (count: number) => void },
): Promise<ConsentCounts> {
  const counts: ConsentCounts = { recorded: 0, refused: 0, refusedBecause: {} };
  const send = async (consents: readonly object[]) => {
    type Data = { recordConsents: { results: ConsentResult[] } };
    return (await api<Data>(recordConsents, { input: { consents } })).recordConsents.results;
  };
  await withPool(concurrency, async (start) => {
    for await (const batch of inBatches(statements, { rows: 100, weight: 100 }, () => 1)) {
      await start(async () => {
        const inputs = batch.map((statement) => ({
          ...statement,
          clientRequestId: `${source}/${statement.purpose}/${statement.basis}`,
          state: 'GRANTED',
          proof,
          via: 'IMPORT',
        }));
        for (const result of await sendRows(inputs, send)) count(counts, result);
        onDone(batch.length);
      });
    }
  });
  return counts;
}

/** The same statement with another proof is one that an earlier run recorded. */
function count(counts: ConsentCounts, { error }: ConsentResult): void {
  if (!error || error.code === 'REQUEST.ID_REUSED') {
    counts.recorded++;
    return;
  }
  counts.refused++;
  const reason = `${error.code}: ${error.message}`;
  counts.refusedBecause[reason] = (counts.refusedBecause[reason] ?? 0) + 1;
}

const find = <T extends string>(all: readonly T[], name: string): T | undefined =>
  all.find((known) => known === name);

function unknown(
  where: string,
  pair: string,
  what: string,
  value: string,
  all: readonly string[],
): WrongInput {
  return new WrongInput(
    `${where} ${JSON.stringify(pair)}: there is no ${what} ${JSON.stringify(value)}; there are ${all.join(', ')}`,
  );
}
