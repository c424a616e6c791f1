import { grow, percentile, type WayFigures, wayFigures } from './latencies.ts';
import type { LoadResult } from './load.ts';
import type { Way } from './ways.ts';

/** What came of a rate. */
export interface RateFigures {
  /** Interactions a second that were asked for, and that were really answered. */
  readonly asked: number;
  readonly reached: number;
  /** Answers that were no interaction, and the first of them. */
  readonly errors: number;
  readonly firstError: string | undefined;
  readonly answered: AnswerFigures;
  readonly ways: Readonly<Record<Way, WayFigures>>;
  /** Which share of the time the process had to do that sends and hears. */
  readonly busy: number;
}

/** How long the mutations took. */
export interface AnswerFigures {
  /** How many were answered with an interaction. */
  readonly interactions: number;
  /** Milliseconds from when a request was due to its answer. */
  readonly p50: number;
  readonly p99: number;
  /** Whether more was sent than was answered, so that requests had to wait ever longer. */
  readonly grows: boolean;
}

/** @throws Error when nothing was answered, with the first answer */
export function rateFigures(asked: number, { commits, passages, ...result }: LoadResult): RateFigures {
  const { seconds, errors, firstError, busy } = result;
  const answers = commits.map(({ dueAt, committedAt }) => committedAt - dueAt);
  if (answers.length === 0) throw new Error(`at ${asked}/s no interaction was logged: ${firstError}`);
  return {
    asked,
    reached: answers.length / seconds,
    errors,
    firstError,
    answered: {
      interactions: answers.length,
      p50: percentile(answers, 50),
      p99: percentile(answers, 99),
      grows: grow(answers),
    },
    ways: {
      consumer: wayFigures(passages.consumer),
      score: wayFigures(passages.score),
      subscriber: wayFigures(passages.subscriber),
      partner: wayFigures(passages.partner),
    },
    busy,
  };
}
