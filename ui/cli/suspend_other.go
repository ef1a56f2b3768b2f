//go:build !unix

package cli

// cantSuspend says why ctrl+z does nothing here.
func cantSuspend() string { return "this system has no suspending" }

// suspend is never called here.
func suspend() {}
