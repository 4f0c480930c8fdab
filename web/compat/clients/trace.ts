// What a node led to, as it was known on a date, with the path to each.
import { graphql } from 'relay-runtime';

export const page = graphql`
  query tracePageQuery($from: ID!, $rules: InfluenceRules, $knownAt: EDTF) @asOf(knownAt: $knownAt) {
    ...trace_reached @arguments(from: $from, rules: $rules)
  }
`;

export const reached = graphql`
  fragment trace_reached on Query
  @refetchable(queryName: "traceReachedQuery")
  @argumentDefinitions(
    from: { type: "ID!" }
    rules: { type: "InfluenceRules" }
    first: { type: "Int", defaultValue: 10 }
    after: { type: "String" }
  ) {
    trace(from: $from, direction: DOWN, depth: 3, rules: $rules, first: $first, after: $after) @connection(key: "trace_reached_trace") {
      start {
        id
        name
      }
      spent {
        complete
        limit
      }
      edges {
        score
        depth
        node {
          id
          ...named_title
        }
        path {
          ...trace_path
        }
      }
    }
  }
`;

export const path = graphql`
  fragment trace_path on InfluencePath {
    score
    undated
    hops {
      type
      strength
      earliest
      latest
      from {
        id
        name
      }
      to {
        id
        name
      }
    }
  }
`;
