// Package diagnose judges how reliable the figures of a run are: what disturbed
// its trials and which trials are retained, the progress of each cell (States),
// what a median hides (Findings, RunDrift), and the origin of a tail
// (TailOrigin).
//
// No value is excluded for its size. A trial is excluded only for other activity
// of the machine, and findings are shown beside the figure.
package diagnose
