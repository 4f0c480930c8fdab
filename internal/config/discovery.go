package config

// Discovery says what the server tells of itself to those who do not know it yet.
type Discovery struct {
	Playground    bool `help:"Serve the playground at /." env:"ENTENTE_PLAYGROUND" default:"true" negatable:""`
	Introspection bool `help:"Answer questions about the schema, which the playground and other tools ask." env:"ENTENTE_INTROSPECTION" default:"true" negatable:""`
	Suggestions   bool `help:"Say, of a name that is not in the schema, which was perhaps meant." env:"ENTENTE_SUGGESTIONS" default:"true" negatable:""`
}
