import { count, table } from '../markdown.ts';
import { type Bound, bearsOf, tightestFirst } from './bounds.ts';
import { type LimitList, limitKeys, type ScaleAssumptions } from './limits.ts';
import type { Played, Sent } from './scenarios.ts';
import type { Setup } from './setup.ts';
import type { Work } from './work.ts';

/** The stack in an account that asked AWS for nothing, and the same with all that can be raised. */
export type Both = readonly [deployed: Setup, raised: Setup];

export const whole = (amount: number): string => count(Math.floor(amount), 0);

/** How much of one kind of work each bound bears in a second, the tightest as deployed first. */
export function boundTable(work: Work, [deployed, raised]: Both): string {
  const after = new Map(tightestFirst(work, raised).map((bound) => [bound.name, bound]));
  const bears = (bound: Bound | undefined) => (bound ? whole(bearsOf(bound)) : '–');
  return table(
    ['bound', 'as deployed', 'raised', 'remedy'],
    tightestFirst(work, deployed).map((bound) => [
      bound.name,
      bears(bound),
      bears(after.get(bound.name)),
      bound.remedy,
    ]),
  );
}

/** The tightest bound of each kind of work. */
export function kindTable(works: readonly (readonly [string, Work])[], both: Both): string {
  const first = (work: Work, setup: Setup) => {
    const [bound] = tightestFirst(work, setup);
    return bound ? [whole(bearsOf(bound)), bound.name] : ['–', '–'];
  };
  return table(
    ['', 'as deployed', 'bounded by', 'raised', 'bounded by'],
    works.map(([name, work]) => [name, ...both.flatMap((setup) => first(work, setup))]),
  );
}

export const duration = (seconds: number): string => {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
};

const before = (stage: string): string => (/^(relay|bus)$/.test(stage) ? `the ${stage}` : stage);

export function playedTable(played: readonly Played[]): string {
  return table(
    ['load', 'stack', 'taken', 'refused', 'taken after', 'done after', 'waited at most', 'held up by'],
    played.map(({ name, setup, outcome: { accepted, refused, takenAfter, doneAfter, waited, held } }) => [
      ...[name, setup, count(accepted), count(refused), duration(takenAfter), duration(doneAfter)],
      Object.entries(waited)
        .map(([stage, amount]) => `${count(amount)} before ${before(stage)}`)
        .join(', ') || '–',
      held
        .slice(0, 3)
        .map((bound) => `${bound.name} (${duration(bound.seconds)})`)
        .join('; ') || '–',
    ]),
  );
}

export function campaignTable(sent: readonly Sent[]): string {
  return table(
    ['mails', 'SES takes, a second', 'batches at once', 'tried, a second', 'sent', 'dead letters', 'after'],
    sent.map(({ mails, perSecond, concurrency, triedPerSecond, outcome }) => [
      ...[count(mails), count(perSecond), count(concurrency), whole(triedPerSecond)],
      ...[count(outcome.sent), count(outcome.dead), duration(outcome.seconds)],
    ]),
  );
}

/** What AWS is to be asked for, and what is set. */
export function raisedTable({ limits }: LimitList, deployed: Setup, { raised }: ScaleAssumptions): string {
  const { consumerConcurrency, parallelization, ...quotas } = raised;
  const asked = Object.entries(quotas) as [keyof typeof quotas, number][];
  const concurrency = deployed.consumers.scoring?.concurrency ?? 0;
  const atOnce = (whose: string, is: number, to: number, where: string) => [
    `batches of ${whose} in work at once`,
    ...[count(is), count(to), where],
  ];
  return table(
    ['', 'is', 'raised to', 'how'],
    [
      ...asked.map(([key, value]) => [
        limits[key].what,
        count(limits[key].value ?? 0),
        count(value),
        'ask AWS',
      ]),
      atOnce(
        'a consumer',
        concurrency,
        consumerConcurrency,
        '`maxConcurrency` in `infra/stacks/consumers.ts`; of live-updates also the limit of signed requests in `infra/constructs/firewall.ts`',
      ),
      atOnce(
        'a shard',
        deployed.relay.parallelization,
        parallelization,
        '`parallelizationFactor` in `infra/constructs/relay.ts`',
      ),
    ],
  );
}

export const limitTable = ({ limits }: LimitList): string =>
  table(
    ['what', 'limit', 'raised on request'],
    limitKeys.map((key) => {
      const { what, value, adjustable, page } = limits[key];
      return [`[${what}](${page})`, value === null ? 'not found' : count(value), adjustable ? 'yes' : 'no'];
    }),
  );
