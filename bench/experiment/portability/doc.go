// Package portability is the experiment that asks what runs where: the same bytes on
// another architecture, what is compiled ahead in another version of its runtime, and
// modules that need newer parts of WebAssembly.
//
// A cell asks one question of a system (Question):
//
//	artefact       how many artefacts three architectures need, whether the response
//	               is right, and what refuses code that was compiled elsewhere
//	features       which parts of WebAssembly a small module each may use
//	specification  whether tests of the specification's sentences pass
//	differences    whether modules made from seeds give what other runtimes give
//	platform       whether the same bytes give the same responses under emulation
//
// Every answer is a check of the record, with its evidence. Modules are data: the folder
// modules/features has one for each feature, modules/specification the tests with their
// index. They have the interface of all artefacts, so that a runner needs nothing for
// them that it does not have (agent.EvaluateTask).
//
// A module on which two systems differ by a defect is made smaller while the trial goes on
// (Minimise): only there are both systems at hand. The record lists what is left.
//
// An agent that dies of a module is started again. Each further module then has an agent
// of its own, and the one at fault has crashed.
package portability
