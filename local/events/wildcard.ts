import { type Matcher, PatternError } from './leaf.ts';

/**
 * A matcher of `pattern`, in which `*` stands for any characters and `\*` and `\\` for themselves. It looks for the
 * parts between the wildcards from left to right, so that no pattern makes it slow.
 */
export function wildcardMatcher(pattern: string): Matcher {
  const parts = wildcardParts(pattern);
  const first = parts.shift() ?? '';
  const last = parts.pop();
  if (last === undefined) return (leaf) => leaf === first;
  return (leaf) => {
    if (typeof leaf !== 'string' || leaf.length < first.length + last.length) return false;
    if (!leaf.startsWith(first) || !leaf.endsWith(last)) return false;
    const end = leaf.length - last.length;
    let at = first.length;
    for (const part of parts) {
      const found = leaf.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** What stands before, between and behind the wildcards of a pattern. Throws `PatternError`. */
export function wildcardParts(pattern: string): string[] {
  const parts = [''];
  let afterWildcard = false;
  for (let at = 0; at < pattern.length; at++) {
    let character = pattern.charAt(at);
    if (character === '*') {
      if (afterWildcard) throw new PatternError(`Consecutive wildcard characters at pos ${at}`);
      afterWildcard = true;
      parts.push('');
      continue;
    }
    if (character === '\\') {
      character = pattern.charAt(++at);
      if (character !== '*' && character !== '\\')
        throw new PatternError(`Invalid escape character at pos ${at - 1}`);
    }
    afterWildcard = false;
    parts[parts.length - 1] += character;
  }
  return parts;
}
