import { describe, expect, it } from 'vitest';
import { linesOnly } from './progress.ts';

describe('progress without a terminal', () => {
  it('is a line for each tenth of each phase', () => {
    const lines: string[] = [];
    const progress = linesOnly((line) => lines.push(line));
    progress.start('reading', 100);
    for (let i = 0; i < 20; i++) progress.advance(1);
    progress.advance(45);
    progress.stop();
    progress.start('invoices', 3);
    progress.advance(3);
    expect(lines).toEqual(['reading 10%', 'reading 20%', 'reading 60%', 'invoices 100%']);
  });
});
