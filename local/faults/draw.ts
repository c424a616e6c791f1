import { hash } from 'node:crypto';
import type { When } from './plan.ts';

/** Whether a fault strikes, occasion by occasion. */
export interface Draw {
  /** Asks for the next occasion. */
  strikes(): boolean;
  /** How many occasions there were. */
  readonly asked: number;
  /** How often it struck. */
  readonly struck: number;
}

/** The n-th occasion of a seed has the same fate in every run, whatever happens between occasions. */
export function createDraw({ chance, every, times = Number.POSITIVE_INFINITY }: When, seed: string): Draw {
  let asked = 0;
  let struck = 0;
  const isHit = () =>
    every === undefined ? fraction(`${seed} ${asked}`) < (chance ?? 0) : asked % every === 0;
  return {
    strikes() {
      asked++;
      if (struck >= times || !isHit()) return false;
      struck++;
      return true;
    },
    get asked() {
      return asked;
    },
    get struck() {
      return struck;
    },
  };
}

/** From 0 to less than 1, evenly. */
function fraction(text: string): number {
  return Number.parseInt(hash('sha256', text, 'hex').slice(0, 8), 16) / 2 ** 32;
}
