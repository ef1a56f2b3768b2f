//go:build unix && !darwin

package cli

// desktop reports whether there is a desktop whose clipboard could be used.
func desktop(env Env) bool {
	return env.Getenv("WAYLAND_DISPLAY") != "" || env.Getenv("DISPLAY") != ""
}
