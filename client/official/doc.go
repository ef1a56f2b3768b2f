// Package official holds the tests against the real parties: the vendor's own
// gateway (@glue42/gateway-ws) and both of its JavaScript clients (@glue42/core
// and @interopio/core), run on the machine's Node.js. They prove that our
// gateway serves the official clients, that our client works with them in both
// directions, and that our client and commands do the same on the official
// gateway.
//
// The versions are pinned in package.json and package-lock.json; the first run
// installs them with npm into a folder of the user's cache. Where Node.js or npm
// is missing, or the packages cannot be had, the tests skip and say so; with
// CI=true that is a failure.
//
// The scenarios of the platform's Interop documentation are played with each of
// the three clients in every role, on both gateways; testdata/scenarios.md is the
// table of what was played, and where a party must differ from the others.
//
// gateway.cjs and app.mjs are the programs that the tests drive. A test decides
// everything that such an application answers; see app.mjs for the lines that
// go to and fro.
//
// The package's own code only installs those versions; the program in compare
// uses it to measure the vendor's gateway against ours. The tests may use the
// client and the gateway, and run the built command; they must not import ui or
// model.
package official
