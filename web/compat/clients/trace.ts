// What a node led to, with the path to each; and as it was known on a date.
import { graphql } from 'relay-runtime';

export const page = graphql`
  query tracePageQuery($from: ID!, $rules: InfluenceRules) {
    ...trace_reached @arguments(from: $from, rules: $rules)
  }
`;

// Without @refetchable: relay-compiler cannot hand the date on to the query it writes, which would go on with today's graph.
export const known = graphql`
  query traceKnownQuery($from: ID!, $first: Int!, $knownAt: EDTF!) @asOf(knownAt: $knownAt) {
    trace(from: $from, first: $first) {
      edges {
        node {
          ...named_title
        }
        path {
          ...trace_path
        }
      }
    }
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
