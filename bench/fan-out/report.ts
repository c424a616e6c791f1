import { table } from '../report.ts';
import type { WayFigures } from './latencies.ts';
import type { Way } from './load.ts';
import type { FanOutFigures, RateFigures } from './run.ts';

const places: Readonly<Record<Way, string>> = {
  consumer: 'its event is at a consumer of the bus',
  score: 'it is in the score',
  subscriber: 'it is told on a subscriber’s socket',
  partner: 'its copy is at the partner',
};

/** The part of `docs/performance.md` on what follows from an interaction. */
export function toMarkdown({ arguments: asked, machine, measuredOn, rates }: FanOutFigures): string {
  return [
    `Measured on ${measuredOn} with ${machine}. ${asked.customers.toLocaleString('en')} customers; every consumer is at work, one more than usual, and each customer has a subscriber and shares with a partner.`,
    '',
    'Interactions are logged at a fixed rate, whatever becomes of them. The time runs from when the client has the answer of the mutation; what is there before that counts as 0. Scores are read on a sample, until they show the interaction.',
    '',
    ...table(
      [
        'a second',
        'reached',
        'until',
        'interactions',
        'p50 ms',
        'p99 ms',
        'on the way at the end',
        'never came',
        'errors',
      ],
      rates.flatMap(rowsOf),
    ),
    '',
    ...rates.flatMap(growing),
    `The process that sends and hears was busy for ${rates.map(({ asked: rate, busy }) => `${(busy * 100).toFixed(0)} % of the time at ${rate} a second`).join(', ')}.`,
    '',
  ].join('\n');
}

function rowsOf({ asked, reached, errors, answered, ways }: RateFigures): string[][] {
  const rate = [String(asked), reached.toFixed(1)];
  const { interactions } = ways.consumer;
  return [
    [
      ...rate,
      'the mutation is answered',
      String(interactions),
      ...[answered.p50, answered.p99].map(milliseconds),
      ...['', '', String(errors)],
    ],
    ...waysOf(ways).map(([way, figures]) => [
      ...rate,
      places[way],
      String(figures.interactions),
      ...[figures.p50, figures.p99].map(milliseconds),
      ...[String(figures.onTheWay), String(figures.neverCame), ''],
    ]),
  ];
}

function growing({ asked, ways }: RateFigures): string[] {
  const growingWays = waysOf(ways).filter(([, { grows }]) => grows);
  if (growingWays.length === 0) return [];
  const until = growingWays.map(([way]) => `until ${places[way]}`).join(', ');
  return [
    `**At ${asked} a second more comes in than goes through** (${until}): these are the times of a growing queue, which tell how long it was fed more than how fast it is.`,
    '',
  ];
}

const waysOf = (ways: RateFigures['ways']) => Object.entries(ways) as [Way, WayFigures][];

const milliseconds = (ms: number): string => (Number.isFinite(ms) ? ms.toFixed(1) : 'never');
