// Package v8 adapts V8.
package v8
