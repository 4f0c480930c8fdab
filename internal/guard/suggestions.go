package guard

import "github.com/vektah/gqlparser/v2/validator/rules"

// RulesWithoutSuggestions are the rules of validation, worded so that they tell
// nothing of the schema that the request does not know already. Those about
// fields gqlgen words by a switch of its own.
func RulesWithoutSuggestions() *rules.Rules {
	all := rules.NewDefaultRules()
	all.ReplaceRule(rules.KnownArgumentNamesRule.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	all.ReplaceRule(rules.KnownTypeNamesRule.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	all.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	return all
}
