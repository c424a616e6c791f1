import { type FieldNode, type FragmentDefinitionNode, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { selectionOf } from './selection.ts';

function selection(text: string, variables: Record<string, unknown> = {}) {
  const { definitions } = parse(text);
  const fragments: Record<string, FragmentDefinitionNode> = {};
  let nodes: FieldNode[] = [];
  for (const node of definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
    if (node.kind === Kind.OPERATION_DEFINITION) {
      nodes = node.selectionSet.selections.filter((one) => one.kind === Kind.FIELD);
    }
  }
  return selectionOf(nodes, fragments, variables);
}

describe('the selection of a field', () => {
  it('is listed as in the documentation of AppSync', () => {
    const { selectionSetList, selectionSetGraphQL } = selection(`
      query {
        getPost(id: 1) {
          postId
          title
          secondTitle: title
          content
          author(id: 2) { authorId name }
          secondAuthor(id: 3) { authorId }
          ... on Post { inlineFrag: comments { id } }
          ... postFrag
        }
      }
      fragment postFrag on Post { postFrag: comments { id } }`);
    expect(selectionSetList).toEqual([
      'postId',
      'title',
      'secondTitle',
      'content',
      'author',
      'author/authorId',
      'author/name',
      'secondAuthor',
      'secondAuthor/authorId',
      'inlineFrag',
      'inlineFrag/id',
      'postFrag',
      'postFrag/id',
    ]);
    expect(selectionSetGraphQL).toContain(
      '... on Post {\n    inlineFrag: comments {\n      id\n    }\n  }\n  ...postFrag',
    );
  });

  it('names a field once that was asked for twice', () => {
    expect(selection('{ a { b { c } ...f b { d } } } fragment f on A { b { c } }').selectionSetList).toEqual([
      'b',
      'b/c',
      'b/d',
    ]);
  });

  it('leaves out what @skip and @include leave out', () => {
    const text =
      'query($no: Boolean!) { a { b @skip(if: $no) c @include(if: $no) ... @skip(if: $no) { d } } }';
    expect(selection(text, { no: true }).selectionSetList).toEqual(['c']);
    expect(selection(text, { no: false }).selectionSetList).toEqual(['b', 'd']);
  });

  it('of a leaf is empty', () => {
    expect(selection('{ a }')).toEqual({ selectionSetList: [], selectionSetGraphQL: '' });
  });
});
