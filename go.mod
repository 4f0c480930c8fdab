module entente

go 1.26.0

require (
	github.com/vektah/gqlparser/v2 v2.5.64
	golang.org/x/text v0.43.0
)
