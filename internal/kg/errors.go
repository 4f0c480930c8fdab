package kg

import (
	"errors"
	"fmt"
)

// Code classifies an error for programs. The GraphQL layer shows it as extensions.code.
type Code string

// The codes of the domain. Any error without one is internal.
const (
	CodeInvalid     Code = "INVALID_ARGUMENT" // the request is wrong; repeating it will not help
	CodeNotFound    Code = "NOT_FOUND"
	CodeConflict    Code = "CONFLICT"    // the data contradicts what is stored or itself
	CodeUnavailable Code = "UNAVAILABLE" // the store cannot be reached now; try again
	CodeInternal    Code = "INTERNAL"
)

// Error is an error that a person may see: what is wrong, and what to do about it.
type Error struct {
	Code    Code
	Message string // what is wrong, and where
	Remedy  string // what to do; may be empty
	Err     error  // the cause, for the log only; may be nil
}

// Error returns the message and the remedy, not the cause.
func (e *Error) Error() string {
	if e.Remedy == "" {
		return e.Message
	}
	return e.Message + "; " + e.Remedy
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Invalid makes an error with CodeInvalid.
func Invalid(remedy, format string, args ...any) *Error {
	return &Error{Code: CodeInvalid, Message: fmt.Sprintf(format, args...), Remedy: remedy}
}

// Unavailable wraps the failure of a store that cannot be reached.
func Unavailable(err error, remedy, format string, args ...any) *Error {
	return &Error{Code: CodeUnavailable, Message: fmt.Sprintf(format, args...), Remedy: remedy, Err: err}
}

// CodeOf returns the code of the first Error in the chain, or CodeInternal.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}
