// A list that grows as one scrolls, each row a fragment of its own.
import { graphql } from 'relay-runtime';

export const page = graphql`
  query initiativesPageQuery($first: Int!, $where: InitiativeFilter) {
    ...initiatives_list @arguments(first: $first, where: $where)
  }
`;

export const list = graphql`
  fragment initiatives_list on Query
  @refetchable(queryName: "initiativesListQuery")
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" }, where: { type: "InitiativeFilter" }) {
    initiatives(first: $first, after: $after, where: $where, orderBy: [{ start: ASC }]) @connection(key: "initiatives_list_initiatives") {
      totalCount
      edges {
        node {
          id
          ...initiatives_row
        }
      }
    }
  }
`;

export const row = graphql`
  fragment initiatives_row on Initiative {
    name
    kind
    start
    description
    ...named_title
  }
`;
