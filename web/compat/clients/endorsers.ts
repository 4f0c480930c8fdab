// One initiative and those behind it: what the edge says beside the node; refetched by the initiative's id, both ways.
import { graphql } from 'relay-runtime';

export const page = graphql`
  query endorsersPageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ...endorsers_list @alias(as: "list")
    }
    initiative(id: $id) {
      responds: respondsTo(first: 3) {
        nodes {
          name
          date
        }
      }
    }
  }
`;

export const list = graphql`
  fragment endorsers_list on Initiative
  @refetchable(queryName: "endorsersListQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
    roles: { type: "[EndorsementRole!]" }
  ) {
    name
    endorsedBy(first: $first, after: $after, last: $last, before: $before, where: { role: { in: $roles } }, orderBy: [{ since: ASC }])
      @connection(key: "endorsers_list_endorsedBy", filters: ["where"]) {
      totalCount
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      edges {
        cursor
        role
        since
        node {
          id
          ...named_title
          ... on Person {
            heldOffice(first: 1) {
              edges {
                node {
                  name
                }
              }
            }
          }
        }
      }
    }
  }
`;
