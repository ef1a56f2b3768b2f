// Package config is what ioscope keeps on the disk for a person: the config file,
// which people write and the program only reads, and the state, which the program
// writes and nobody has to read.
//
// The places are those of the XDG rules. Passwords are never written.
package config
