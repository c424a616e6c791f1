import { faker as german } from '@faker-js/faker/locale/de';
import { faker as english } from '@faker-js/faker/locale/en_GB';
import { faker as italian } from '@faker-js/faker/locale/it';

/** The languages that the demo firm's customers speak. */
export const languages = ['en', 'it', 'de'] as const;
export type Language = (typeof languages)[number];

/** Chance that is the same at every run, and names and places of a language. */
export interface Random {
  readonly of: (language: Language) => typeof english;
  /** A whole number, both ends included. */
  readonly int: (min: number, max: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  /** True so often, from 0 to 1. */
  readonly chance: (share: number) => boolean;
}

/** The generators are the library's own, begun anew: one run at a time. */
export function createRandom(seed: number): Random {
  const all = { en: english, it: italian, de: german };
  for (const language of languages) all[language].seed(seed);
  return {
    of: (language) => all[language],
    int: (min, max) => english.number.int({ min, max }),
    pick: (from) => english.helpers.arrayElement(from),
    chance: (share) => english.datatype.boolean({ probability: share }),
  };
}

/** Moments before the day of the run, so that nothing of it lies ahead. */
export interface Clock {
  /** So many days before the day begins, at that time of day in UTC; from 1. */
  readonly at: (daysAgo: number, hour: number, minute: number) => string;
}

/** @param day such as `2026-01-31` */
export function createClock(day: string): Clock {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const [hourMs, dayMs] = [3_600_000, 86_400_000];
  return {
    at: (daysAgo, hour, minute) =>
      new Date(midnight - daysAgo * dayMs + hour * hourMs + minute * 60_000).toISOString(),
  };
}
