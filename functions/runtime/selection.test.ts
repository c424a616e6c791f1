import { describe, expect, test } from 'vitest';
import { asSelected, maySelect } from './selection.ts';

const item = { id: true, body: true } as const;
const fields = { nodes: item, edges: { node: item, cursor: true }, pageInfo: true } as const;

describe('a field', () => {
  test.each([
    [['nodes', 'nodes/body']],
    [['nodes', 'nodes/id', 'nodes/text']],
    [['list', 'list/body']],
    [['list', 'list/text']],
    [['list', 'list/node', 'list/node/id']],
    [['nodes', 'nodes/toString']],
  ])('may be among %j', (selected) => {
    expect(maySelect(selected, 'nodes/body', fields)).toBe(true);
  });

  test.each([
    [[]],
    [['nodes', 'nodes/id', '__typename', 'nodes/__typename']],
    [['pageInfo', 'pageInfo/body']],
    [['edges', 'edges/node', 'edges/node/body']],
    [['list', 'list/id']],
    [['text']],
  ])('is not among %j', (selected) => {
    expect(maySelect(selected, 'nodes/body', fields)).toBe(false);
  });

  test('is found at any depth', () => {
    expect(maySelect(['all/one/text'], 'edges/node/body', fields)).toBe(true);
    expect(maySelect(['all/cursor/text'], 'edges/node/body', fields)).toBe(false);
  });
});

describe('a page', () => {
  const page = { edges: [{ node: 1, cursor: 'a' }], nodes: [1], pageInfo: {} };
  const { edges, nodes, pageInfo } = page;

  test.each<[string[], object]>([
    [['nodes', 'nodes/id', 'pageInfo'], { nodes, pageInfo }],
    [['edges', 'edges/node'], { edges, pageInfo }],
    [['edges', 'nodes'], page],
    // An alias may be that of either.
    [['items', 'items/id'], page],
    [['pageInfo', 'pageInfo/endCursor'], { pageInfo }],
    [[], page],
  ])('of which %j is selected', (selected, answered) => {
    expect(asSelected(page, selected)).toEqual(answered);
  });

  test('is not made with edges that nobody selected', () => {
    const lazy = {
      get edges(): never {
        throw new Error('The edges were made');
      },
      nodes: [1],
      pageInfo: {},
    };

    expect(asSelected(lazy, ['nodes', 'nodes/id'])).toEqual({ nodes: [1], pageInfo: {} });
    expect(() => asSelected(lazy, ['edges', 'edges/cursor'])).toThrow('The edges were made');
  });

  test('is the only thing that is made smaller', () => {
    for (const value of [null, 1, 'x', [1], { nodes: 1 }]) expect(asSelected(value, ['id'])).toBe(value);
  });
});
