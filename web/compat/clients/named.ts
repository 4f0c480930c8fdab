// A title for whatever has a name, over the interface that all kinds share.
import { graphql } from 'relay-runtime';

export const title = graphql`
  fragment named_title on Named {
    __typename
    name
    aliases
    evidence {
      locator
      confidence
      source {
        id
        name
      }
    }
  }
`;
