import { table } from '../markdown.ts';
import type { FanOutArguments } from './arguments.ts';
import type { RateFigures } from './figures.ts';
import type { WayFigures } from './latencies.ts';
import type { Way } from './ways.ts';

/** All that was measured, and where. */
export interface FanOutFigures {
  readonly arguments: FanOutArguments;
  readonly machine: string;
  /** A day, in UTC. */
  readonly measuredOn: string;
  readonly rates: readonly RateFigures[];
}

const answer = 'the mutation is answered';

const places: Readonly<Record<Way, string>> = {
  consumer: 'its event is at a consumer of the bus',
  score: 'it is in the score',
  subscriber: 'it is told on a subscriber’s socket',
  partner: 'its copy is at the partner',
};

/** The part of `docs/performance.md` on what follows from an interaction. */
export function toMarkdown({ arguments: asked, machine, measuredOn, rates }: FanOutFigures): string {
  return [
    `Measured on ${measuredOn} with ${machine}. ${asked.customers.toLocaleString('en')} customers; all consumers are at work and one more beside them, each customer has a subscriber and is shared with a partner.`,
    '',
    'Interactions are logged at a fixed rate, whatever becomes of them. A mutation takes from when it was due until its answer is at the client; the rest takes from there, and no time when it was there before. Scores are read on a sample, until they show the interaction.',
    '',
    table(
      [
        'a second',
        'reached',
        'until',
        'interactions',
        'p50 ms',
        'p99 ms',
        'still on the way',
        'lost',
        'errors',
      ],
      rates.flatMap((rate) => [
        answerRow(rate),
        ...waysOf(rate).map(([way, figures]) => wayRow(way, figures)),
      ]),
    ),
    '',
    'Still on the way is what had not arrived when the last mutation was answered.',
    '',
    ...rates.flatMap(warning),
    `The process that sends and hears was busy ${rates.map(({ asked: rate, busy }) => `${(busy * 100).toFixed(0)} % of the time at ${rate} a second`).join(', ')}.`,
    '',
  ].join('\n');
}

const answerRow = ({ asked, reached, errors, answered }: RateFigures): string[] => [
  String(asked),
  reached.toFixed(1),
  answer,
  String(answered.interactions),
  milliseconds(answered.p50),
  milliseconds(answered.p99),
  '',
  '',
  String(errors),
];

const wayRow = (way: Way, { interactions, p50, p99, onTheWay, neverCame }: WayFigures): string[] => [
  '',
  '',
  places[way],
  String(interactions),
  milliseconds(p50),
  milliseconds(p99),
  String(onTheWay),
  String(neverCame),
  '',
];

/** What must not be read as latencies of a stack that keeps up. */
function warning(rate: RateFigures): string[] {
  const growing = waysOf(rate).flatMap(([way, { grows }]) => (grows ? [places[way]] : []));
  const until = [...(rate.answered.grows ? [answer] : []), ...growing];
  if (until.length === 0) return [];
  return [
    `**At ${rate.asked} a second the stack does not keep up.** The times until ${until.join(', until ')} are those of a growing queue: they tell how long it was fed.`,
    '',
  ];
}

const waysOf = ({ ways }: RateFigures) => Object.entries(ways) as [Way, WayFigures][];

const milliseconds = (ms: number): string => (Number.isFinite(ms) ? ms.toFixed(1) : 'never');
