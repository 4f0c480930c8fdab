// Search as one types: hits of any kind, and how good each is.
import { graphql } from 'relay-runtime';

export const page = graphql`
  query searchPageQuery($text: String!, $kinds: [NodeKind!]) {
    ...search_hits @arguments(text: $text, kinds: $kinds)
  }
`;

export const hits = graphql`
  fragment search_hits on Query
  @refetchable(queryName: "searchHitsQuery")
  @argumentDefinitions(
    text: { type: "String!" }
    kinds: { type: "[NodeKind!]" }
    first: { type: "Int", defaultValue: 10 }
    after: { type: "String" }
  ) {
    search(text: $text, kinds: $kinds, first: $first, after: $after) @connection(key: "search_hits_search") {
      totalCount
      edges {
        rank
        node {
          id
          ...named_title
        }
      }
    }
  }
`;
