import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parts, withPart } from './performance-document.ts';

const document =
  'Before\n<!-- fan-out -->\nold\n<!-- end of fan-out -->\nAfter\n<!-- operations -->\n<!-- end of operations -->\n';

test('a part takes another text, again and again, and the rest stays', () => {
  const once = withPart(document, 'fan-out', 'new\n');
  expect(once).toBe(
    'Before\n<!-- fan-out -->\n\nnew\n\n<!-- end of fan-out -->\nAfter\n<!-- operations -->\n<!-- end of operations -->\n',
  );
  expect(withPart(once, 'fan-out', 'new')).toBe(once);
});

test('a document without the part is refused', () => {
  expect(() => withPart(document, 'cold start', 'x')).toThrow('no part between <!-- cold start -->');
});

test('the document has all parts, and none of them is empty', () => {
  const real = readFileSync('docs/performance.md', 'utf8');
  for (const part of parts) {
    expect(withPart(real, part, '').length).toBeLessThan(real.length - 200);
  }
});
