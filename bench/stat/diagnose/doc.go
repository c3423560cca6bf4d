// Package diagnose says how far the figures of a run are to be trusted: what
// disturbed its trials and which of them are retained, how far each cell has come,
// what a median hides (Findings, RunDrift), and where a tail comes from
// (TailOrigin).
//
// Nothing here cuts a value because of what it is. A trial is left out for what
// went on beside it alone, and findings are said beside the figure.
package diagnose
