// Package compare decides whether samples differ, and whether claims about figures
// hold: pairs of samples as a family (Compare), groups of cells such as all of a
// runner (CompareGroups), and bounds (Bound). Each verdict comes with its reason,
// as a code with the numbers that it rests on.
package compare
