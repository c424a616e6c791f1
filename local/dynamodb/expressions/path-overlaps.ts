import { type Path, pathText } from './parsed.ts';
import { invalid } from './tokens.ts';

/** Refuses two paths of which one contains the other, or which take one attribute as a list and as a map. */
export function checkOverlaps(member: string, paths: readonly Path[]): void {
  for (const [index, path] of paths.entries()) {
    for (const earlier of paths.slice(0, index)) {
      const relation = relationOf(earlier, path);
      if (relation) {
        throw invalid(
          member,
          `Two document paths ${relation} with each other; must remove or rewrite one of these paths; path one: ${pathText(earlier)}, path two: ${pathText(path)}`,
        );
      }
    }
  }
}

function relationOf(a: Path, b: Path): 'overlap' | 'conflict' | undefined {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    if (typeof a[index] !== typeof b[index]) return 'conflict';
    if (a[index] !== b[index]) return undefined;
  }
  return 'overlap';
}
