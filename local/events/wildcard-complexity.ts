import { wildcardParts } from './wildcard.ts';

/**
 * EventBridge refuses a rule whose wildcards are more than this. It does not publish the number; this one takes and refuses
 * what is known: four of `*:stack/NAME/*` for a field are too complex and three are not, nor is `*:*:*:*:*:event-bus/*`
 * taken, the example of
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-complexity.
 */
export const MAX_COMPLEXITY = 10;

/** A place in a pattern: what was read so far matches all before it. */
interface State {
  readonly id: number;
  /** The same for places behind one beginning, which count once. */
  readonly prefix: string;
  /** Behind a wildcard, which goes on with any character. */
  readonly loops: boolean;
  /** What comes next; undefined at the end. */
  readonly token: string | undefined;
  readonly next: State | undefined;
}

/** No character is so long. */
const STAR = '**';

/**
 * How many beginnings of wildcard patterns one value can match at the same time, at worst; `most + 1` when they are more than
 * `most`. The patterns are those of one field: each alternative is a group, in which the negated ones stand together. So
 * measures `MachineComplexityEvaluator` of https://github.com/aws/event-ruler.
 */
export function wildcardComplexity(groups: readonly (readonly string[])[], most = MAX_COMPLEXITY): number {
  let states = 0;

  function chainOf(pattern: string, group: number, index: number): State {
    const inner = wildcardParts(pattern).flatMap((part, at) => (at === 0 ? [...part] : [STAR, ...part]));
    const tokens = ['"', ...inner, '"'];
    const shared = tokens.indexOf(STAR) + 1;
    const end: State = { id: states++, prefix: `${group}`, loops: false, token: undefined, next: undefined };
    return tokens.reduceRight<State>((next, token, at) => {
      const behind = at <= shared ? JSON.stringify(tokens.slice(0, at)) : `${index} ${at}`;
      return { id: states++, prefix: `${group} ${behind}`, loops: tokens[at - 1] === STAR, token, next };
    }, end);
  }

  const start = groups.flatMap((patterns, group) =>
    [...new Set(patterns)].map((pattern, index) => chainOf(pattern, group, index)),
  );
  const seen = new Set<string>();
  const pending = [start];
  let worst = 0;
  for (let active = pending.pop(); active; active = pending.pop()) {
    const characters = new Set(active.map(({ token }) => token).filter((token) => token !== STAR));
    for (const character of characters) {
      if (character === undefined) continue;
      const reached = [...new Set(active.flatMap((state) => after(state, character)))];
      worst = Math.max(worst, new Set(reached.map(({ prefix }) => prefix)).size);
      if (worst > most) return most + 1;
      const id = reached.map((state) => state.id).join();
      if (!seen.has(id)) pending.push(reached);
      seen.add(id);
    }
  }
  return worst;
}

function after(state: State, character: string): State[] {
  const { loops, token, next } = state;
  return [...(loops ? [state] : []), ...(token === character && next ? withEmpty(next) : [])];
}

/** A wildcard also stands for nothing. */
function withEmpty(state: State): State[] {
  return state.token === STAR && state.next ? [state, state.next] : [state];
}
