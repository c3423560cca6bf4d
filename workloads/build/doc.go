// Package build reads what the suite measures, and builds it.
//
// A workload is a folder with a manifest, sources by language, and requests
// with the responses that are right for them. Open reads them all and checks
// them; nothing outside its folder names a workload.
//
// A Builder makes artefacts: for each language and kind of artefact there is a
// recipe (languages.go), which says with what and from what it is made. What
// takes little and stays the same is committed and only checked (the modules
// of C); all else is built when it is asked for and kept in the user's cache
// folder under a key of everything that decides its bytes.
package build
