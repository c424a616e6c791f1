import type { Api } from '../../tools/client/api.ts';

/** A score as the API gives it. */
export interface Score {
  readonly engagement: number;
  readonly frequency: number;
  readonly lastOrderAt: string | null;
  readonly monetary: readonly { amount: string; currency: string }[];
}

/** A score, and between which moments (ms) the API read it. */
export interface ReadScore {
  readonly score: Score | null;
  readonly asked: number;
  readonly answered: number;
}

const inOneRequest = 50;

/** The scores of customers by their ids in a source. */
export async function readScores(
  api: Api,
  source: string,
  ids: readonly string[],
): Promise<Map<string, ReadScore>> {
  const scores = new Map<string, ReadScore>();
  for (let from = 0; from < ids.length; from += inOneRequest) {
    const some = ids.slice(from, from + inOneRequest);
    const fields = some.map(
      (id, n) =>
        `c${n}: customerByIdentity(identity: { kind: EXTERNAL_ID, source: "${source}", value: "${id}" }) {
          score { engagement frequency lastOrderAt monetary { amount currency } }
        }`,
    );
    const asked = Date.now();
    const answer = await api<Record<string, { score: Score | null } | null>>(`{ ${fields.join('\n')} }`, {});
    for (const [n, id] of some.entries()) {
      const customer = answer[`c${n}`];
      if (customer) scores.set(id, { score: customer.score, asked, answered: Date.now() });
    }
  }
  return scores;
}
