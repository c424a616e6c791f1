import type { ConsumerSettings } from '../units/mappings.ts';

/** Mails to be sent at once, and how fast. */
export interface Campaign {
  readonly mails: number;
  /** What SES takes in a second. */
  readonly perSecond: number;
  /** What the consumer tries in a second. */
  readonly triedPerSecond: number;
  readonly queue: Pick<ConsumerSettings, 'visibilitySeconds' | 'maxReceives'> & {
    /** Messages that were received and not removed, at most. */
    readonly inFlight: number;
  };
}

export interface CampaignOutcome {
  readonly sent: number;
  /** Mails that were tried too often: they wait for a person. */
  readonly dead: number;
  readonly seconds: number;
}

/** Mails that were received equally often. */
interface Group {
  readonly amount: number;
  readonly receives: number;
}

const amountIn = (groups: readonly Group[]): number => groups.reduce((sum, { amount }) => sum + amount, 0);

/**
 * Plays a campaign second by second. A mail that SES refuses for its rate is not tried again by the sender, since it might
 * be sent twice: its event comes again when the queue shows it, and after so many times it is a dead letter.
 */
export function sendAll({ mails, perSecond, triedPerSecond, queue }: Campaign): CampaignOutcome {
  const { visibilitySeconds, maxReceives, inFlight } = queue;
  const hidden = new Map<number, Group[]>();
  let visible: Group[] = [{ amount: mails, receives: 0 }];
  let [sent, dead, second, received] = [0, 0, 0, 0];
  for (; visible.length > 0 || hidden.size > 0; second++) {
    const shown = hidden.get(second) ?? [];
    hidden.delete(second);
    received -= amountIn(shown);
    visible = merged([...visible, ...shown]);
    const free = Math.max(0, inFlight - received);
    const { taken, left } = take(visible, Math.min(triedPerSecond, free));
    visible = left;
    const passing = Math.min(1, perSecond / Math.max(1, amountIn(taken)));
    const refused: Group[] = [];
    for (const { amount, receives } of taken) {
      const again = amount * (1 - passing);
      sent += amount - again;
      if (again < 0.5) sent += again;
      else if (receives + 1 >= maxReceives) dead += again;
      else refused.push({ amount: again, receives: receives + 1 });
    }
    received += amountIn(refused);
    if (refused.length > 0) hidden.set(second + visibilitySeconds, refused);
  }
  return { sent: Math.round(sent), dead: Math.round(dead), seconds: second };
}

function merged(groups: readonly Group[]): Group[] {
  const byReceives = Map.groupBy(groups, ({ receives }) => receives);
  return [...byReceives].map(([receives, own]) => ({ receives, amount: amountIn(own) }));
}

/** Takes up to `most`, of each group the same part. */
function take(groups: readonly Group[], most: number): { taken: Group[]; left: Group[] } {
  const all = amountIn(groups);
  const part = all <= most ? 1 : most / all;
  const scaled = (by: number) =>
    groups.map((group) => ({ ...group, amount: group.amount * by })).filter(({ amount }) => amount > 1e-6);
  return part === 1 ? { taken: [...groups], left: [] } : { taken: scaled(part), left: scaled(1 - part) };
}
