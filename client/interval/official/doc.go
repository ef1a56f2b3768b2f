// Package official holds the tests of the runner and the host against Interval's
// own code: @interval/sdk, run on the machine's Node.js. Its hosts connect to our
// runner, which drives every action to the end; and our host is held against the
// very schemas that the real server applies.
//
// The version is pinned in package.json and package-lock.json; the first run
// installs it with npm into a folder of the user's cache. Where Node.js or npm is
// missing, or the package cannot be had, the tests skip and say so; with CI=true
// that is a failure.
//
// host.mjs is the program that the runner is tested with, judge.mjs the one that
// the host is tested with.
//
// The package has no code of its own. Its tests must not import ui or model.
package official
