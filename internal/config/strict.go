package config

// Strict says which operations are answered.
type Strict struct {
	Operations string `help:"Folder of the only operations that are answered: .graphql files, and .json files from hashes to documents. Without it, all." env:"ENTENTE_OPERATIONS" placeholder:"DIR" type:"path"`
}
